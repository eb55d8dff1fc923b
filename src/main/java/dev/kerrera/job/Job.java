package dev.kerrera.job;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Transient;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import org.hibernate.Length;
import org.hibernate.annotations.ColumnTransformer;
import org.hibernate.annotations.Immutable;
import org.hibernate.annotations.JavaType;
import org.hibernate.annotations.JdbcType;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/**
 * One row of {@code oban_jobs}, as it was when it was read. Oban: {@code Oban.Job}.
 *
 * <p>A job is a snapshot: changes of the object never reach the database, and the object does not follow the row. It is
 * for reading: {@code EntityManager.remove} would still delete the row, behind every rule of this project.
 *
 * <p>List the class in a persistence unit of your own to query jobs in JPQL by the names of its fields, with {@link
 * JobState} and {@link Instant} as parameters:
 *
 * <pre>{@code select j from Job j where j.state = :state and j.scheduledAt <= :now order by j.id}</pre>
 *
 * <p>Give moments as parameters: the database's own {@code current_timestamp} follows the session's time zone, and the
 * columns hold UTC. Tags are searched with {@code array_contains(j.tags, :tag)}. The unit may validate or update its
 * schema; one that creates or drops its schema drops the jobs.
 *
 * <p>JSON columns are parsed when first asked for, so a row whose JSON is not what it should be can still be listed; only
 * the accessor of that column throws {@link UnreadableJobException}. All moments are UTC with microseconds. Thread-safe.
 * Two jobs are equal when their ids are.
 */
@Entity
@Immutable
@Table(name = "oban_jobs")
public class Job {
    @Id
    @Column(name = "id")
    Long id;

    @Column(name = "state")
    @Enumerated(EnumType.STRING)
    @JdbcType(JobStateJdbcType.class)
    JobState state;

    @Column(name = "queue", length = Length.LONG32)
    String queue;

    @Column(name = "worker", length = Length.LONG32)
    String worker;

    @Column(name = "args")
    @JdbcTypeCode(SqlTypes.JSON)
    String args;

    @Column(name = "meta")
    @JdbcTypeCode(SqlTypes.JSON)
    @Nullable String meta;

    // Read as one JSON array: Hibernate's own mapping of jsonb[] fails at bind time.
    @Column(name = "errors", columnDefinition = "_jsonb")
    @ColumnTransformer(read = "cast(to_jsonb(errors) as text)")
    @Nullable String errors;

    @Column(name = "attempt")
    int attempt;

    @Column(name = "max_attempts")
    int maxAttempts;

    @Column(name = "priority")
    int priority;

    @Column(name = "tags", length = Length.LONG32)
    String @Nullable [] tags;

    @Column(name = "attempted_by", length = Length.LONG32)
    String @Nullable [] attemptedBy;

    @Column(name = "inserted_at")
    @JavaType(UtcInstantJavaType.class)
    @JdbcTypeCode(SqlTypes.LOCAL_DATE_TIME)
    Instant insertedAt;

    @Column(name = "scheduled_at")
    @JavaType(UtcInstantJavaType.class)
    @JdbcTypeCode(SqlTypes.LOCAL_DATE_TIME)
    Instant scheduledAt;

    @Column(name = "attempted_at")
    @JavaType(UtcInstantJavaType.class)
    @JdbcTypeCode(SqlTypes.LOCAL_DATE_TIME)
    @Nullable Instant attemptedAt;

    @Column(name = "completed_at")
    @JavaType(UtcInstantJavaType.class)
    @JdbcTypeCode(SqlTypes.LOCAL_DATE_TIME)
    @Nullable Instant completedAt;

    @Column(name = "discarded_at")
    @JavaType(UtcInstantJavaType.class)
    @JdbcTypeCode(SqlTypes.LOCAL_DATE_TIME)
    @Nullable Instant discardedAt;

    @Column(name = "cancelled_at")
    @JavaType(UtcInstantJavaType.class)
    @JdbcTypeCode(SqlTypes.LOCAL_DATE_TIME)
    @Nullable Instant cancelledAt;

    @Transient
    private boolean conflict;

    @Transient
    private volatile @Nullable JsonObject parsedArgs;

    @Transient
    private volatile @Nullable JsonObject parsedMeta;

    @Transient
    private volatile @Nullable List<JobError> parsedErrors;

    /** For Hibernate, which fills the fields. */
    @SuppressWarnings("NullAway.Init")
    protected Job() {}

    /** A job from the columns of a row. Internal: for the project's own row mapper, not for applications. */
    public static Job of(JobRow row) {
        Job job = new Job();
        job.id = row.id();
        job.state = row.state();
        job.queue = row.queue();
        job.worker = row.worker();
        job.args = row.argsJson();
        job.meta = row.metaJson();
        job.errors = row.errorsJson();
        job.attempt = row.attempt();
        job.maxAttempts = row.maxAttempts();
        job.priority = row.priority();
        job.tags = row.tags();
        job.attemptedBy = row.attemptedBy();
        job.insertedAt = row.insertedAt();
        job.scheduledAt = row.scheduledAt();
        job.attemptedAt = row.attemptedAt();
        job.completedAt = row.completedAt();
        job.discardedAt = row.discardedAt();
        job.cancelledAt = row.cancelledAt();
        return job;
    }

    /** The stored job that a new one was the same as. Internal: likewise. */
    public static Job conflicting(JobRow row) {
        Job job = of(row);
        job.conflict = true;
        return job;
    }

    /** The number the database gave it, unique in the table. */
    public long id() {
        return id;
    }

    /** Where it stands. */
    public JobState state() {
        return state;
    }

    /** The queue it runs in; never empty. */
    public String queue() {
        return queue;
    }

    /** The name of the worker that runs it; never empty. */
    public String worker() {
        return worker;
    }

    /**
     * The arguments. Numbers keep every digit.
     *
     * @throws UnreadableJobException when the stored value is no JSON object
     */
    public JsonObject args() {
        JsonObject parsed = parsedArgs;
        if (parsed == null) {
            parsed = readable("args", () -> JobJson.object(args));
            parsedArgs = parsed;
        }
        return parsed;
    }

    /**
     * The arguments as a type of the caller's, by JSON-B; a public record will do. Parsed anew at each call.
     *
     * @throws UnreadableJobException when the stored value does not fit the type
     */
    public <T> T args(Class<T> type) {
        return readable("args", () -> JobJson.read(args, type));
    }

    /**
     * The arguments as a generic type of the caller's, by JSON-B. Parsed anew at each call.
     *
     * @param <T> what {@code type} stands for; unchecked
     * @throws UnreadableJobException when the stored value does not fit the type
     */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    public <T> T args(Type type) {
        return (T) readable("args", () -> JobJson.read(args, type));
    }

    /** The arguments as the database prints them, whether or not they are what they should be. */
    public String argsJson() {
        return args;
    }

    /**
     * The metadata; empty when the column is null. Numbers keep every digit.
     *
     * @throws UnreadableJobException when the stored value is no JSON object
     */
    public JsonObject meta() {
        JsonObject parsed = parsedMeta;
        if (parsed == null) {
            String text = meta;
            parsed = text == null ? JsonValue.EMPTY_JSON_OBJECT : readable("meta", () -> JobJson.object(text));
            parsedMeta = parsed;
        }
        return parsed;
    }

    /**
     * The failed attempts, oldest first; unmodifiable.
     *
     * @throws UnreadableJobException when an entry is not of the known form
     */
    public List<JobError> errors() {
        List<JobError> parsed = parsedErrors;
        if (parsed == null) {
            String text = errors;
            parsed = text == null ? List.of() : readable("errors", () -> JobErrors.read(text));
            parsedErrors = parsed;
        }
        return parsed;
    }

    /** How many attempts have begun: 0 before the first run, 1 during it. */
    public int attempt() {
        return attempt;
    }

    /** How many attempts it has in all. */
    public int maxAttempts() {
        return maxAttempts;
    }

    /** Its rank in the queue: 0 goes first, 9 last. */
    public int priority() {
        return priority;
    }

    /** Its tags; unmodifiable, empty when the column is null. */
    public List<String> tags() {
        return list(tags);
    }

    /** The node and the producer of the latest attempt; unmodifiable, empty before the first. */
    public List<String> attemptedBy() {
        return list(attemptedBy);
    }

    /** When it was inserted. */
    public Instant insertedAt() {
        return insertedAt;
    }

    /** When it may run, or could have. */
    public Instant scheduledAt() {
        return scheduledAt;
    }

    /** When the latest attempt began; null before the first. */
    public @Nullable Instant attemptedAt() {
        return attemptedAt;
    }

    /** When it ended well; null otherwise. */
    public @Nullable Instant completedAt() {
        return completedAt;
    }

    /** When it was discarded; null otherwise. */
    public @Nullable Instant discardedAt() {
        return discardedAt;
    }

    /** When it was cancelled; null otherwise. */
    public @Nullable Instant cancelledAt() {
        return cancelledAt;
    }

    /**
     * Whether this is the answer to an insert that did not insert: by {@link NewJob#unique} the new job was the same as this
     * one, which was stored before. Always false on a job that was read. Oban: {@code conflict?}.
     */
    public boolean isConflict() {
        return conflict;
    }

    /** By id. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Job job && id() == job.id();
    }

    /** By id. */
    @Override
    public int hashCode() {
        return Long.hashCode(id());
    }

    /** Id, worker, queue, state and attempt; never arguments, which may be private. */
    @Override
    public String toString() {
        return "Job[%d %s in %s, %s, attempt %d of %d]"
                .formatted(id, worker, queue, state.label(), attempt, maxAttempts);
    }

    private <T> T readable(String column, Supplier<T> read) {
        try {
            return read.get();
        } catch (JobJsonException unreadable) {
            throw new UnreadableJobException(id, column, unreadable);
        }
    }

    private static List<String> list(String @Nullable [] column) {
        return column == null ? List.of() : Collections.unmodifiableList(Arrays.asList(column));
    }
}
