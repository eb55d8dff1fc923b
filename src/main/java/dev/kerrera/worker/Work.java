package dev.kerrera.worker;

import static java.lang.annotation.ElementType.TYPE;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import jakarta.enterprise.inject.Stereotype;
import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/**
 * Makes a {@link Worker} known under a name and gives its jobs their defaults.
 *
 * <p>It is a CDI stereotype, so the annotated class is a bean without anything else. What an insert sets itself goes before
 * these defaults. Mistakes fail the deployment, all of them listed at once.
 */
@Stereotype
@Documented
@Retention(RUNTIME)
@Target(TYPE)
public @interface Work {

    /** Queue of the jobs. It must be one of {@code kerrera.queues}. */
    String queue() default "default";

    /**
     * The name jobs carry in their {@code worker} column, 1 to 127 characters; the class's full name by default. Choose one, and
     * the class can be moved or renamed while jobs are waiting.
     */
    String name() default "";

    /** How often a job is tried at most, the first time included; at least 1. */
    int maxAttempts() default 20;

    /** Priority among the jobs of the queue, 0 (first) to 9 (last). */
    int priority() default 0;

    /** Tags of the jobs. */
    String[] tags() default {};

    /**
     * How long a run may take, such as {@code 30s}, {@code 5m} or {@code PT5M}; empty for as long as it likes. What takes longer
     * is an attempt that failed.
     */
    String timeout() default "";

    /** When the completion of a job is written. */
    Completion completion() default Completion.AUTOMATIC;
}
