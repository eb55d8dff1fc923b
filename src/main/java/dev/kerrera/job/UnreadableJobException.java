package dev.kerrera.job;

import java.io.Serial;

/**
 * One column of one stored job does not hold what it should: arguments that are no JSON object, or that do not fit the
 * type a worker asked for.
 *
 * <p>It concerns that job alone, and only the accessor that was called; the job's other columns stay readable.
 */
public class UnreadableJobException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final long jobId;
    private final String column;

    UnreadableJobException(long jobId, String column, Throwable cause) {
        super("job " + jobId + " has unreadable " + column + ": " + cause.getMessage(), cause);
        this.jobId = jobId;
        this.column = column;
    }

    /** The id of the job. */
    public long jobId() {
        return jobId;
    }

    /** The column that could not be read: {@code args}, {@code meta} or {@code errors}. */
    public String column() {
        return column;
    }
}
