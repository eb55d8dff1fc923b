package dev.kerrera.engine;

import dev.kerrera.config.Prefix;
import dev.kerrera.db.DatabaseException;
import dev.kerrera.db.Jdbc;
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

    private final Jdbc jdbc;
    private final Clock clock;
    private final String fetch;

    public JointFetching(Jdbc jdbc, Prefix prefix, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.fetch = prefix.in(FetchStatement.SQL);
    }

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
            return jdbc.query(
                    fetch, p -> FetchStatement.bind(p, demands, workers, clock.instant()), row -> read(row, rows));
        } catch (DatabaseException failure) {
            throw failure.isRefusal() ? new Refused(failure) : failure;
        }
    }

    private static Job read(Row row, Map<String, TakenRows> rows) throws SQLException {
        return Objects.requireNonNull(rows.get(row.text())).map(row);
    }
}
