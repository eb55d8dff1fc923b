package dev.kerrera.engine;

import dev.kerrera.config.Prefix;
import dev.kerrera.db.DatabaseException;
import dev.kerrera.db.Jdbc;
import dev.kerrera.job.Job;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Takes available jobs for several producers of a node by one statement. */
public final class JointFetching {

    private final FetchStatement fetch;

    public JointFetching(Jdbc jdbc, Prefix prefix, Clock clock) {
        this.fetch = new FetchStatement(jdbc, prefix, clock);
    }

    /**
     * Takes jobs that one of the workers can run, and marks them as executing by the owners.
     *
     * @param demands of one node, one for each queue
     * @return the jobs of each queue in the order in which they are to run; nothing for a queue without any
     * @throws FetchRefused when the server refuses it, and nothing was taken
     * @throws DatabaseException when it is not known whether something was taken
     */
    public Map<String, List<Job>> fetch(List<Demand> demands, Collection<String> workers) {
        try {
            return fetch.take(demands, workers).stream()
                    .collect(Collectors.groupingBy(Job::queue, Collectors.toCollection(ArrayList::new)));
        } catch (DatabaseException failure) {
            throw failure.isRefusal() ? new FetchRefused(failure) : failure;
        }
    }
}
