package dev.kerrera.engine;

import dev.kerrera.config.Prefix;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Parameters;
import dev.kerrera.job.Job;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** Takes jobs for producers of one node, one or many, by one statement. */
final class FetchStatement {

    private static final String FETCH = "SELECT queue, " + TakenRows.COLUMNS
            + " FROM ${schema}.kerrera_fetch(?, ?::text[], ?::text[], ?, ?, ?::timestamp[], ?, ?::text[], ?)";

    private static final Comparator<Job> ORDER = Comparator.comparing(Position::of);

    private final Jdbc jdbc;
    private final Clock clock;
    private final String fetch;

    FetchStatement(Jdbc jdbc, Prefix prefix, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.fetch = prefix.in(FETCH);
    }

    /**
     * Marks jobs as executing that one of the workers can run.
     *
     * @param demands one for each queue
     * @return the jobs, those of each queue in the order in which they are to run
     */
    List<Job> take(List<Demand> demands, Collection<String> workers) {
        Map<String, TakenRows> rows = new HashMap<>();
        demands.forEach(demand -> rows.put(demand.queue(), new TakenRows(demand.queue(), demand.owner())));
        List<Job> jobs = jdbc.query(
                fetch,
                p -> bind(p, demands, workers),
                row -> Objects.requireNonNull(rows.get(row.text())).map(row));
        jobs.sort(ORDER);
        return jobs;
    }

    private void bind(Parameters parameters, List<Demand> demands, Collection<String> workers) throws SQLException {
        List<Position> after = each(demands, Demand::after);
        parameters
                .text(demands.get(0).owner().node())
                .texts(each(demands, demand -> demand.owner().producer().toString()))
                .texts(each(demands, Demand::queue))
                .integers(demands.stream().mapToInt(Demand::room).toArray())
                .integers(after.stream().mapToInt(Position::priority).toArray())
                .times(after.stream().map(Position::scheduledAt).toArray(Instant[]::new))
                .numbers(after.stream().map(Position::id).toList())
                .texts(workers)
                .time(clock.instant());
    }

    private static <T> List<T> each(List<Demand> demands, Function<Demand, T> value) {
        return demands.stream().map(value).toList();
    }
}
