package dev.kerrera.worker;

import static java.lang.annotation.RetentionPolicy.RUNTIME;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/**
 * Has jobs of a {@link Work worker} inserted at certain times, by whichever node leads. Oban: an entry of the {@code crontab}.
 *
 * <pre>{@code
 * @Work(queue = "reports")
 * @Cron(value = "0 6 * * MON-FRI", timezone = "Europe/Berlin", name = "morning-report")
 * public class Report implements Worker<Month> { … }
 * }</pre>
 *
 * <p>May be repeated. Stands beside {@link Work}; without it, it has no effect. The configuration can change an entry, or switch it
 * off, by {@code kerrera.cron.entries.<name>.…}. The crontab of the main instance has it. Mistakes fail the deployment.
 *
 * <p>Each time of an entry inserts one job, whichever nodes come and go; times that were missed while no node led are handled by
 * {@link #catchUp}.
 */
@Documented
@Retention(RUNTIME)
@Target(ElementType.TYPE)
@Repeatable(Crons.class)
public @interface Cron {

    /**
     * When: minute, hour, day of the month, month and weekday, all of which must match, such as {@code 30 6 * * MON-FRI}; or a
     * nickname such as {@code @daily}, or {@code @reboot} for once after each start.
     */
    String value();

    /** The zone of those times, such as {@code Europe/Berlin}; that of {@code kerrera.cron.timezone} by default. */
    String timezone() default "";

    /**
     * Name of the entry, unique in the application, 1 to 127 characters; one made of worker, expression, args and zone by default.
     * Under a name of its own an entry stays the same when its expression changes.
     */
    String name() default "";

    /** Arguments of its jobs, a JSON object. */
    String args() default "{}";

    /** Metadata of its jobs, a JSON object. */
    String meta() default "{}";

    /**
     * What becomes of times that were missed: {@code skip}, {@code once} for a job for the latest of them, or {@code all(n)} for a
     * job for each of the latest {@code n}, up to 1000; as {@code kerrera.cron.catch-up} says by default.
     */
    String catchUp() default "";
}
