// SPDX-License-Identifier: Apache-2.0
/**
 * Finds personal data and secrets by their looks, in values that no rule about columns covers, and overwrites them. The second net: who means to
 * get a value past it will, by writing it backwards; who meets one by accident will not.
 *
 * <p>Every stand-in has as many bytes as what it stands for. So no length in a message changes, a value may be cut anywhere on its way, and what
 * is around the match (quotes, escapes, other elements of an array) stays as it is.
 */
@NullMarked
package dev.sluice.gateway.detection;

import org.jspecify.annotations.NullMarked;
