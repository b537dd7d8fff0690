// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A key that stands for several others of its record and is replaced by them before the record is read. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@interface Shorthand {
    String key();

    /** What it means, as in {@link Setting#value}. */
    String value();
}
