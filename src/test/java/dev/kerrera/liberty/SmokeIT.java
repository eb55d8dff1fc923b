package dev.kerrera.liberty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kerrera.liberty.smoke.Beginning;
import dev.kerrera.liberty.smoke.Greeter;
import dev.kerrera.liberty.smoke.Note;
import dev.kerrera.testsupport.TestArchives;
import jakarta.annotation.Resource;
import jakarta.inject.Inject;
import jakarta.transaction.UserTransaction;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.EmptyAsset;
import org.jboss.shrinkwrap.api.spec.JavaArchive;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/** What the rest relies on: the server, its data sources and threads, Hibernate, and a jar in WEB-INF/lib. */
@ArquillianTest
class SmokeIT {
    @Inject
    Beginning beginning;

    @Inject
    Greeter greeter;

    @Inject
    UserTransaction transaction;

    @Resource(lookup = "jdbc/kerrera")
    DataSource kerrera;

    @Resource(lookup = "jdbc/second")
    DataSource second;

    @Deployment
    static WebArchive application() {
        JavaArchive library = ShrinkWrap.create(JavaArchive.class, "smoke.jar")
                .addClasses(Beginning.class, Greeter.class, Note.class)
                .addAsManifestResource("smoke/persistence.xml", "persistence.xml")
                .addAsManifestResource(EmptyAsset.INSTANCE, "beans.xml");
        return TestArchives.war(SmokeIT.class).addAsLibrary(library);
    }

    @Test
    void startup_bean_of_a_library_runs_on_managed_threads() throws Exception {
        assertThat(beginning.greeting().get(10, TimeUnit.SECONDS)).startsWith("hello from test on ");
    }

    @Test
    void entity_is_stored_in_a_jta_transaction() throws Exception {
        long id = greeter.note("kept");
        transaction.begin();
        greeter.note("given up");
        transaction.rollback();
        assertThat(count("kept")).isPositive();
        assertThat(count("given up")).isZero();
        assertThat(id).isPositive();
    }

    @Test
    void two_resources_commit_together() throws Exception {
        transaction.begin();
        insert(kerrera, "first");
        insert(second, "second");
        transaction.commit();
        assertThat(count("first")).isOne();
        assertThat(count("second")).isOne();
    }

    @Test
    void driver_is_loaded_once() throws Exception {
        try (Connection connection = kerrera.getConnection()) {
            assertThat(connection.unwrap(PGConnection.class).getBackendPID()).isPositive();
        }
    }

    private static void insert(DataSource source, String text) throws Exception {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("INSERT INTO note (text) VALUES ('" + text + "')");
        }
    }

    private long count(String text) throws Exception {
        try (Connection connection = kerrera.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT count(*) FROM note WHERE text = '" + text + "'")) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
