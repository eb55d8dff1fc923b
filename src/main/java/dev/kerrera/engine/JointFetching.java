package dev.kerrera.engine;

import dev.kerrera.config.Prefix;
import dev.kerrera.db.DatabaseException;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Parameters;
import dev.kerrera.db.Row;
import dev.kerrera.job.Job;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** Takes available jobs for several producers of a node by one statement. */
public final class JointFetching {

    /** As {@link Fetching}'s, with one look into the index for each queue. */
    private static final String FETCH = """
            UPDATE ${schema}.oban_jobs
            SET attempted_by = ARRAY[?::text, (?::text[])[array_position(?::text[], queue)]],\s""" + Fetching.BEGINS + """

            WHERE id = ANY(ARRAY(
                SELECT ${schema}.kerrera_next(queue, ?::text[], room) FROM unnest(?::text[], ?::int[]) AS demand (queue, room)))
            RETURNING queue,\s""" + TakenRows.COLUMNS;

    private final Jdbc jdbc;
    private final Clock clock;
    private final String fetch;

    public JointFetching(Jdbc jdbc, Prefix prefix, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.fetch = prefix.in(FETCH);
    }

    /**
     * What a producer wants.
     *
     * @param room how many jobs at most
     */
    public record Demand(String queue, Owner owner, int room) {}

    /** The server does not take one of the rows. */
    public static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refused(DatabaseException cause) {
            super(cause.getMessage(), cause);
        }
    }

    /**
     * Takes jobs that one of the workers can run, and marks them as executing by the owners.
     *
     * @param demands of one node, one for each queue
     * @return the jobs of each queue in the order in which they are to run; nothing for a queue without any
     * @throws Refused when the server refuses it, and nothing was taken
     * @throws DatabaseException when it is not known whether something was taken
     */
    public Map<String, List<Job>> fetch(List<Demand> demands, Collection<String> workers) {
        Map<String, TakenRows> rows = new HashMap<>();
        demands.forEach(demand -> rows.put(demand.queue(), new TakenRows(demand.queue(), demand.owner())));
        List<Job> jobs = fetch(demands, workers, rows);
        Map<String, List<Job>> taken =
                jobs.stream().collect(Collectors.groupingBy(Job::queue, Collectors.toCollection(ArrayList::new)));
        taken.values().forEach(ofQueue -> ofQueue.sort(Fetching.ORDER));
        return taken;
    }

    private List<Job> fetch(List<Demand> demands, Collection<String> workers, Map<String, TakenRows> rows) {
        try {
            return jdbc.query(fetch, p -> bind(p, demands, workers), row -> read(row, rows));
        } catch (DatabaseException failure) {
            throw failure.isRefusal() ? new Refused(failure) : failure;
        }
    }

    private static Job read(Row row, Map<String, TakenRows> rows) throws SQLException {
        return Objects.requireNonNull(rows.get(row.text())).map(row);
    }

    private void bind(Parameters parameters, List<Demand> demands, Collection<String> workers) throws SQLException {
        List<String> queues = demands.stream().map(Demand::queue).toList();
        parameters
                .text(demands.get(0).owner().node())
                .texts(demands.stream()
                        .map(demand -> demand.owner().producer().toString())
                        .toList())
                .texts(queues)
                .time(clock.instant())
                .texts(workers)
                .texts(queues)
                .integers(demands.stream().mapToInt(Demand::room).toArray());
    }
}
