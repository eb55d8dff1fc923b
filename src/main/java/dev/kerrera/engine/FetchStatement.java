package dev.kerrera.engine;

import dev.kerrera.db.Parameters;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/** Takes jobs for producers of one node, and returns queue and row of each. */
final class FetchStatement {

    static final String SQL = "SELECT queue, " + TakenRows.COLUMNS
            + " FROM ${schema}.kerrera_fetch(?, ?::text[], ?::text[], ?, ?, ?::timestamp[], ?, ?::text[], ?)";

    private FetchStatement() {}

    /** @param demands one for each queue */
    static void bind(Parameters parameters, List<Demand> demands, Collection<String> workers, Instant now)
            throws SQLException {
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
                .time(now);
    }

    private static <T> List<T> each(List<Demand> demands, Function<Demand, T> value) {
        return demands.stream().map(value).toList();
    }
}
