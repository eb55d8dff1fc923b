package dev.kerrera.job;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which jobs to list, in which order, and how many at a time. Oban: {@code Oban.all_jobs/2}.
 *
 * <pre>{@code
 * JobQuery query = JobQuery.of(JobFilter.all().queues("mail")).orderBy(JobTime.SCHEDULED_AT).limit(100);
 * JobPage first = jobs.find(query);
 * Optional<JobPage> second = first.next().map(cursor -> jobs.find(query.after(cursor)));
 * }</pre>
 *
 * <p>A page begins where the former one ended, at a place and not at a count, so jobs that come or go between two pages neither
 * repeat nor hide any other, and the last page costs no more than the first. A job whose moment of the order changes meanwhile
 * is listed where it then stands. Immutable and thread-safe: each method returns a new value.
 */
public final class JobQuery {
    /** The jobs of a page when nothing else is said. */
    public static final int DEFAULT_LIMIT = 50;

    /** The most jobs of a page. */
    public static final int MAX_LIMIT = 1_000;

    private final JobFilter filter;
    private final int limit;
    private final @Nullable JobTime orderedBy;
    private final boolean ascending;
    private final @Nullable JobCursor after;

    private JobQuery(
            JobFilter filter, int limit, @Nullable JobTime orderedBy, boolean ascending, @Nullable JobCursor after) {
        this.filter = filter;
        this.limit = limit;
        this.orderedBy = orderedBy;
        this.ascending = ascending;
        this.after = after;
        if (after != null && (after.orderedBy() != orderedBy || after.ascending() != ascending)) {
            throw new IllegalArgumentException(
                    "cursor must be of the query's order, was made for %s: give the order before the cursor"
                            .formatted(after.order()));
        }
    }

    /** The jobs that match, newest first. */
    public static JobQuery of(JobFilter filter) {
        return new JobQuery(filter, DEFAULT_LIMIT, null, false, null);
    }

    /**
     * The most jobs of a page. Default: {@value #DEFAULT_LIMIT}.
     *
     * @throws IllegalArgumentException unless it is 1 to {@value #MAX_LIMIT}
     */
    public JobQuery limit(int limit) {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("limit must be 1 to " + MAX_LIMIT + ", was " + limit);
        }
        return new JobQuery(filter, limit, orderedBy, ascending, after);
    }

    /** Oldest first, which is the smallest id or the earliest moment. */
    public JobQuery ascending() {
        return new JobQuery(filter, limit, orderedBy, true, after);
    }

    /** Newest first, which is the default. */
    public JobQuery descending() {
        return new JobQuery(filter, limit, orderedBy, false, after);
    }

    /**
     * Ordered by a moment, and by id among equals. Jobs without that moment are left out. No index has this order, so all that
     * match are sorted for each page. Default: by id alone.
     */
    public JobQuery orderBy(JobTime time) {
        return new JobQuery(filter, limit, time, ascending, after);
    }

    /**
     * Only what comes after the end of another page.
     *
     * @param cursor from a page of the same filter and order
     * @throws IllegalArgumentException when it was made for another order; so do later calls that change the order
     */
    public JobQuery after(JobCursor cursor) {
        return new JobQuery(filter, limit, orderedBy, ascending, cursor);
    }

    /** Which jobs. */
    public JobFilter filter() {
        return filter;
    }

    /** The most jobs of a page. */
    public int limit() {
        return limit;
    }

    /** The moment they are ordered by; empty when by id alone. */
    public Optional<JobTime> orderedBy() {
        return Optional.ofNullable(orderedBy);
    }

    /** Whether the oldest go first. */
    public boolean isAscending() {
        return ascending;
    }

    /** The place after which the page begins; empty for the first. */
    public Optional<JobCursor> after() {
        return Optional.ofNullable(after);
    }

    /** The page that these jobs are. Internal: what a search ends with. */
    public JobPage page(List<Job> found) {
        if (found.size() <= limit) {
            return new JobPage(found, Optional.empty());
        }
        Job last = found.get(limit - 1);
        JobCursor next = new JobCursor(orderedBy, ascending, orderedBy == null ? null : orderedBy.of(last), last.id());
        return new JobPage(found.subList(0, limit), Optional.of(next));
    }
}
