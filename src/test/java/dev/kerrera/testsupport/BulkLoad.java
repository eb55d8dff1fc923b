package dev.kerrera.testsupport;

import java.sql.Connection;
import java.sql.SQLException;

/** Many jobs at once, as an application inserts them. */
public final class BulkLoad {

    private BulkLoad() {}

    /**
     * Inserts in one transaction.
     *
     * @param analyzedMeanwhile whether the table is analyzed before the commit, so that the planner takes it for empty from then on
     */
    public static void insert(TestSchema schema, boolean analyzedMeanwhile, String... inserts) throws SQLException {
        try (Connection connection = schema.dataSource().getConnection();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (String insert : inserts) {
                statement.execute(insert.replace("${schema}", schema.name()));
            }
            if (analyzedMeanwhile) {
                new RawJobs(schema).run("ANALYZE ${schema}.oban_jobs");
            }
            connection.commit();
        }
    }
}
