package bench;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;

/** What the server allows of jobs in hand that are completed by a commit each: alone, and with a row in the same transaction. */
final class Commits {

    private static final String ALL_EXECUTE = "UPDATE public.oban_jobs SET state = 'executing'";
    private static final String IDS = "SELECT id FROM public.oban_jobs";

    private static final String COMPLETE =
            "UPDATE public.oban_jobs SET state = 'completed', completed_at = timezone('UTC', now()) WHERE id = ?";

    private final Rig rig;
    private final int callers = Sizes.of("W7_LIMIT", 16);
    private final int count = Sizes.of("W7_N", 20_000);

    Commits(Rig rig) {
        this.rig = rig;
    }

    List<Result> run() throws Exception {
        rig.database().run(Entries.TABLE);
        return List.of(measured("W7-alone", COMPLETE), measured("W7", Entries.INSERT, COMPLETE));
    }

    private Result measured(String workload, String... statements) throws Exception {
        rig.fresh();
        rig.peer().fill(0, count);
        rig.database().run(ALL_EXECUTE, "ANALYZE", "CHECKPOINT");
        Queue<Long> ids = ids();
        try (HikariDataSource pool = Rivals.pool(callers)) {
            Cost before = rig.database().cost();
            Callers.once(rig.threads(), callers, caller -> commitEach(pool, ids, statements));
            Cost after = rig.database().cost();
            return rig.result(workload)
                    .put("jobs_per_s", count / after.secondsSince(before))
                    .put("jobs", (long) count)
                    .put("threads", (long) callers)
                    .cost(before, after, count);
        }
    }

    private Queue<Long> ids() throws SQLException {
        Queue<Long> ids = new ArrayBlockingQueue<>(count);
        try (Connection connection = rig.database().connection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(IDS)) {
            while (rows.next()) {
                ids.add(rows.getLong(1));
            }
        }
        return ids;
    }

    private static void commitEach(HikariDataSource pool, Queue<Long> ids, String... statements) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(statements.length == 1);
            List<PreparedStatement> prepared = new ArrayList<>();
            for (String statement : statements) {
                prepared.add(connection.prepareStatement(statement));
            }
            for (Long id = ids.poll(); id != null; id = ids.poll()) {
                for (PreparedStatement statement : prepared) {
                    statement.setLong(1, id);
                    statement.executeUpdate();
                }
                if (statements.length > 1) {
                    connection.commit();
                }
            }
            connection.setAutoCommit(true);
        }
    }
}
