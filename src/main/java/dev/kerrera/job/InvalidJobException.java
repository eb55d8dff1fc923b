package dev.kerrera.job;

import java.io.Serial;
import java.io.Serializable;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A job cannot be inserted or changed as it was asked for. Thrown once, with every problem found. Nothing was written. Oban:
 * an invalid changeset.
 */
public class InvalidJobException extends IllegalArgumentException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final List<Problem> problems;
    private final long position;

    /**
     * Of these problems.
     *
     * @param problems at least one
     */
    public InvalidJobException(List<Problem> problems) {
        this("invalid job: ", problems, 0);
    }

    private InvalidJobException(String introduction, List<Problem> problems, long position) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("; ", introduction, "")));
        this.problems = List.copyOf(problems);
        this.position = position;
    }

    /** The same of one among several jobs that were to be inserted together, of which now none is. Internal. */
    public InvalidJobException at(long place) {
        return new InvalidJobException("job " + place + " of the stream: ", problems, place);
    }

    /** Which of the jobs that were to be inserted together it is, 1 for the first; 0 for a job inserted alone. */
    public long position() {
        return position;
    }

    /** Every problem found, in the order of the fields. */
    public List<Problem> problems() {
        return problems;
    }

    /**
     * One thing that is wrong.
     *
     * @param field the option's name: {@code worker}, {@code args}, {@code meta}, {@code queue}, {@code tags}, {@code
     *     priority}, {@code maxAttempts}, {@code scheduledAt}, {@code state} or {@code unique}
     * @param value the rejected value, shortened where it is long
     * @param remedy what must hold instead
     */
    public record Problem(String field, String value, String remedy) implements Serializable {
        private static final int SHOWN = 80;

        /** Shortens a long value. */
        public Problem {
            value = value.length() <= SHOWN ? value : value.substring(0, SHOWN) + "…";
        }

        /** One line: field, remedy and value. */
        @Override
        public String toString() {
            return field + " " + remedy + ", was " + value;
        }
    }
}
