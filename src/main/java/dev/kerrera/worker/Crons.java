package dev.kerrera.worker;

import static java.lang.annotation.RetentionPolicy.RUNTIME;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/** Several {@link Cron} on one class. Written by the compiler. */
@Documented
@Retention(RUNTIME)
@Target(ElementType.TYPE)
public @interface Crons {

    /** The entries. */
    Cron[] value();
}
