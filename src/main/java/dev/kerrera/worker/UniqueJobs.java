package dev.kerrera.worker;

import static java.lang.annotation.RetentionPolicy.RUNTIME;

import dev.kerrera.job.JobState;
import dev.kerrera.job.Replace;
import dev.kerrera.job.Unique;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/**
 * Makes the jobs of a {@link Work worker} unique: a job that is the same as a stored one is not inserted again. Oban: the worker
 * option {@code unique}.
 *
 * <pre>{@code
 * @Work(queue = "reports")
 * @UniqueJobs(period = "1h", keys = "month")
 * public class Report implements Worker<Month> { … }
 * }</pre>
 *
 * <p>A job can say otherwise, part by part, by {@link dev.kerrera.job.NewJob#unique}; {@link Unique#none} switches it off for
 * that job. Stands beside {@link Work}; without it, it has no effect. Mistakes fail the deployment.
 */
@Documented
@Retention(RUNTIME)
@Target(ElementType.TYPE)
public @interface UniqueJobs {

    /** How old the stored job may be, such as {@code 30s}, {@code 2h} or {@code PT2H}; {@code infinity} for any age. */
    String period() default "60s";

    /** What is compared; at least one. */
    Unique.Field[] fields() default {Unique.Field.ARGS, Unique.Field.QUEUE, Unique.Field.WORKER};

    /** Which keys of the args, and of the metadata where it is compared; all of them by default. See {@link Unique#keys}. */
    String[] keys() default {};

    /** The states of a stored job that counts; at least one. The default is {@link JobState#successful}. */
    JobState[] states() default {
        JobState.AVAILABLE,
        JobState.SUSPENDED,
        JobState.SCHEDULED,
        JobState.EXECUTING,
        JobState.RETRYABLE,
        JobState.COMPLETED
    };

    /** What the age is counted from. */
    Unique.Timestamp timestamp() default Unique.Timestamp.INSERTED_AT;

    /** What a new job changes in the stored one that is the same; nothing by default. See {@link Replace}. */
    Replacing[] replace() default {};

    /** Fields that are replaced when the stored job is in one of some states. */
    @Documented
    @Retention(RUNTIME)
    @Target({})
    @interface Replacing {

        /** The states; all by default. */
        JobState[] states() default {
            JobState.AVAILABLE,
            JobState.SUSPENDED,
            JobState.SCHEDULED,
            JobState.EXECUTING,
            JobState.RETRYABLE,
            JobState.COMPLETED,
            JobState.DISCARDED,
            JobState.CANCELLED
        };

        /** The fields; at least one. */
        Replace.Field[] fields();
    }
}
