package bench;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Gives the workloads to somebody else, in a process of its own, and prints what Kerrera's server prints. */
public final class Rivals {

    private Rivals() {}

    /**
     * Runs it. The database is there and empty.
     *
     * @param arguments name of the rival, and its workloads
     */
    public static void main(String[] arguments) throws Exception {
        String name = arguments[0];
        Sink sink = new Sink();
        Peer peer = peer(name, sink);
        ThreadFactory threads = task -> new Thread(task, "caller");
        try (HikariDataSource own = pool(4)) {
            Rig rig = new Rig(peer, sink, new Database(own), threads);
            System.out.println(rig.configuration());
            rig.warm();
            for (String workload : arguments[1].split(",")) {
                System.err.println(name + ": " + workload);
                print(results(rig, workload));
            }
        }
        System.exit(0);
    }

    private static @Nullable List<Result> results(Rig rig, String workload) throws Exception {
        boolean commits = workload.equals("W7") && rig.peer() instanceof JdbcRival;
        return commits ? Rehearsal.before(new Commits(rig)::run) : new Common(rig).run(workload);
    }

    private static void print(@Nullable List<Result> results) {
        if (results != null) {
            results.forEach(System.out::println);
        }
    }

    private static Peer peer(String name, Sink sink) throws Exception {
        return switch (name) {
            case "jdbc" -> new JdbcRival(sink);
            case "db-scheduler" -> new DbSchedulerRival(sink);
            case "jobrunr" -> new JobRunrRival(sink);
            default -> throw new IllegalArgumentException("rivals are jdbc, db-scheduler and jobrunr, was " + name);
        };
    }

    /** Connections as the rivals' own pools have them. */
    static HikariDataSource pool(int size) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(System.getenv("BENCH_URL") + "?reWriteBatchedInserts=true");
        config.setUsername(System.getenv("PGUSER"));
        config.setPassword(Sizes.text("PGPASSWORD", ""));
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(size);
        return new HikariDataSource(config);
    }

    /** One plan for any number of rows. */
    static void forceGenericPlan(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET plan_cache_mode = force_generic_plan");
        }
    }

    static void run(DataSource dataSource, String... statements) throws Exception {
        new Database(dataSource).run(statements);
    }
}
