package dev.kerrera.job;

import java.time.Instant;
import java.util.List;

/** One thing a {@link JobFilter} asks of a job. Internal: other rooms may use it, applications should not. */
public sealed interface Condition {

    /** What is compared with a list of values, or searched. */
    enum Field {
        ID,
        QUEUE,
        WORKER,
        PRIORITY,
        ATTEMPT,
        MAX_ATTEMPTS,
        NODE,
        PRODUCER,
        ARGS,
        META
    }

    /** On which side of a moment, or on it. */
    enum Bound {
        FROM,
        UNTIL,
        AT
    }

    /** The field is one of the numbers. */
    record Numbers(Field field, List<Long> values) implements Condition {}

    /** The field is one of the texts. */
    record Texts(Field field, List<String> values) implements Condition {}

    /** The state is one of these. */
    record States(List<JobState> values) implements Condition {}

    /** The tags are exactly these, in this order. */
    record SameTags(List<String> tags) implements Condition {}

    /** All of these are among the tags. */
    record AllTags(List<String> tags) implements Condition {}

    /** The field, a JSON object, contains another, which is given as its text. */
    record Contains(Field field, String json) implements Condition {}

    /** The text of some error contains this one. */
    record ErrorText(String text) implements Condition {}

    /** The moment exists and stands so to another, in whole microseconds. */
    record Moment(JobTime time, Bound bound, Instant instant) implements Condition {}
}
