package dev.kerrera.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kerrera.db.migration.Migrator;
import dev.kerrera.db.migration.SchemaStatus;
import dev.kerrera.testsupport.NeedsSession;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.SessionSettings;
import dev.kerrera.testsupport.TestSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A role that owns nothing and has what the documentation grants it. */
@Timeout(60)
@ExtendWith(PooledSchema.class)
@NeedsSession("its sessions take a role")
class GrantsTest {

    private static final Pattern GRANT = Pattern.compile("^GRANT .*;$", Pattern.MULTILINE);

    private final TestSchema schema;
    private final RawJobs owner;
    private final String role;

    GrantsTest(TestSchema schema) {
        this.schema = schema;
        owner = new RawJobs(schema);
        role = "role_of_" + schema.name();
    }

    @AfterEach
    void drop() {
        owner.run("DROP OWNED BY " + role + "; DROP ROLE " + role);
    }

    @Test
    void is_enough_to_verify_the_schema_and_to_work_jobs() throws Exception {
        owner.run("CREATE ROLE " + role + "; SET search_path TO " + schema.name() + "; " + grants());
        SessionSettings asRole = new SessionSettings(schema.dataSource(), "SET ROLE " + role);

        assertThat(new Migrator(asRole, schema.name()).verify()).isInstanceOf(SchemaStatus.Ready.class);
        TestNode node = new TestNode(new TestSchema(asRole, schema.name()), "default", 2);
        try {
            node.start();
            long done = node.add("ok");
            long failed = node.add("error");
            node.wake();

            await().until(() -> owner.state(done).equals("completed"));
            await().until(() -> owner.state(failed).equals("retryable"));
        } finally {
            node.close();
        }
    }

    private String grants() throws IOException {
        return GRANT.matcher(Files.readString(Path.of("docs/configuration.md")))
                .results()
                .map(MatchResult::group)
                .collect(Collectors.joining(" "))
                .replace("SCHEMA public", "SCHEMA " + schema.name())
                .replace("TO kerrera;", "TO " + role + ";");
    }
}
