package dev.kerrera.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kerrera.testsupport.TappedDataSource;
import dev.kerrera.testsupport.TestSchema;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.StringJoiner;

/** How PostgreSQL would run a statement that was sent, planned once for any parameters. */
record GenericPlan(TestSchema schema, TappedDataSource tapped) {

    /**
     * The plan of the first statement sent with that text in it.
     *
     * @param options of EXPLAIN, in parentheses, or nothing
     */
    String of(String part, String types, String parameters, String options) throws SQLException {
        String sql = tapped.statements(part).get(0);
        for (int i = 1; sql.contains("?"); i++) {
            sql = sql.replaceFirst("\\?", "\\$" + i);
        }
        StringJoiner plan = new StringJoiner("\n");
        try (Connection connection = schema.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("SET plan_cache_mode = force_generic_plan");
            statement.execute("PREPARE hot (" + types + ") AS " + sql);
            try (ResultSet line = statement.executeQuery("EXPLAIN " + options + " EXECUTE hot (" + parameters + ")")) {
                while (line.next()) {
                    plan.add(line.getString(1));
                }
            }
        }
        assertThat(plan.toString()).as("a plan for all parameters").contains("$");
        return plan.toString();
    }
}
