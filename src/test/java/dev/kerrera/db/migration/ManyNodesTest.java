package dev.kerrera.db.migration;

import static dev.kerrera.db.migration.SchemaStatus.Origin.CREATED;
import static dev.kerrera.db.migration.SchemaStatus.Origin.FOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kerrera.db.migration.SchemaStatus.Origin;
import dev.kerrera.testsupport.SessionSettings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class ManyNodesTest {

    private final Database database = Database.shared();
    private final String schema = Database.freshName();

    @ParameterizedTest
    @CsvSource({"2, read committed", "8, read committed", "8, repeatable read", "8, serializable"})
    void nodes_starting_at_once_create_once(int nodes, String isolation) throws Exception {
        var dataSource =
                new SessionSettings(database.dataSource(), "SET default_transaction_isolation = '" + isolation + "'");
        var start = new CyclicBarrier(nodes);
        var threads = Executors.newFixedThreadPool(nodes);
        List<Future<Origin>> results = new ArrayList<>();
        for (int node = 0; node < nodes; node++) {
            results.add(threads.submit(() -> {
                start.await();
                return new Migrator(dataSource, schema).migrate().origin();
            }));
        }
        threads.shutdown();

        List<Origin> origins = new ArrayList<>();
        for (Future<Origin> result : results) {
            origins.add(result.get());
        }
        assertThat(Collections.frequency(origins, CREATED)).isEqualTo(1);
        assertThat(Collections.frequency(origins, FOUND)).isEqualTo(nodes - 1);
    }

    @Test
    void one_connection_is_enough_and_is_given_back_as_it_came() throws Exception {
        var dataSource = new SessionSettings(database.dataSource(), "SELECT 1");

        new Migrator(dataSource, schema).migrate();

        assertThat(dataSource.opened).hasValue(1);
        assertThat(database.query("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"))
                .containsExactly("0");
    }

    @Test
    void a_failure_half_way_leaves_nothing() throws Exception {
        database.run("CREATE SCHEMA " + schema + "; CREATE TABLE " + schema + ".kerrera_producers (mine int)");
        List<String> before = CatalogDump.of(database, schema);

        assertThatThrownBy(() -> database.migrator(schema).migrate())
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("could not migrate schema " + schema)
                .hasMessageContaining("\"kerrera_producers\" already exists");

        assertThat(CatalogDump.of(database, schema)).isEqualTo(before);
    }
}
