// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** One key of the configuration: its only default and its only description; {@code configuration.md} is checked against it. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
@interface Setting {
    /** What the key means and what follows from a change of it. */
    String value();

    /** The default as it would be written in the file; empty where there is none. */
    String defaultValue() default "";
}
