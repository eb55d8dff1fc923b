package dev.kerrera.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.TestSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Results of jobs whose row another transaction holds. */
@Timeout(60)
@ExtendWith(PooledSchema.class)
class HeldResultsTest {

    private final TestSchema schema;
    private final TestNode node;
    private final RawJobs jobs;

    HeldResultsTest(TestSchema schema) {
        this.schema = schema;
        node = new TestNode(schema, "default", 10);
        jobs = node.jobs;
    }

    @AfterEach
    void end() throws Exception {
        node.close();
    }

    @Test
    void keep_none_of_those_that_ended_with_them_from_being_written() throws Exception {
        node.start();
        for (int i = 0; i < 10; i++) {
            node.add("turn");
        }
        node.wake();
        node.told.awaitParked(10);
        try (Connection holder = holding("id <= 2")) {
            node.told.release(10);

            await().until(() -> jobs.count("state = 'completed'") == 8);
            assertThat(jobs.count("state = 'executing'")).isEqualTo(2);
            holder.rollback();
        }
        await().until(() -> jobs.count("state = 'completed'") == 10);
    }

    @Test
    void let_their_connections_go_and_are_tried_again() throws Exception {
        node.start();
        for (int i = 0; i < 10; i++) {
            node.add("error");
        }
        try (Connection holder = schema.dataSource().getConnection()) {
            jobs.run("""
                    CREATE FUNCTION ${schema}.hold() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN
                        PERFORM pg_advisory_xact_lock(%d);
                        RETURN NEW;
                    END$$""".formatted(key()));
            jobs.run("""
                    CREATE TRIGGER hold BEFORE UPDATE ON ${schema}.oban_jobs FOR EACH ROW
                    WHEN (NEW.state = 'retryable') EXECUTE FUNCTION ${schema}.hold()""");
            holder.setAutoCommit(false);
            holder.createStatement().execute("SELECT pg_advisory_xact_lock(%d)".formatted(key()));
            node.wake();
            await().until(() -> node.running().size() == 10);

            await("each is given up and tried again")
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> node.database.statements("'retryable'").size() > 20);
            assertThat(jobs.count("state = 'executing'")).isEqualTo(10);
            holder.rollback();
            await().until(() -> jobs.count("state = 'retryable'") == 10);
        } finally {
            jobs.run("DROP FUNCTION ${schema}.hold() CASCADE");
        }
    }

    private int key() {
        return schema.name().hashCode();
    }

    private Connection holding(String condition) throws SQLException {
        Connection holder = schema.dataSource().getConnection();
        holder.setAutoCommit(false);
        holder.createStatement()
                .execute("SELECT id FROM " + schema.name() + ".oban_jobs WHERE " + condition + " FOR UPDATE");
        return holder;
    }
}
