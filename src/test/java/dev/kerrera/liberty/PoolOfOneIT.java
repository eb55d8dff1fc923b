package dev.kerrera.liberty;

import static org.awaitility.Awaitility.await;

import dev.kerrera.Nodes;
import dev.kerrera.liberty.probe.Table;
import dev.kerrera.notifier.ListenerStatus.State;
import dev.kerrera.testsupport.DemoArchive;
import jakarta.annotation.Resource;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/** A node keeps no connection of the application's pool to itself. */
@ArquillianTest
class PoolOfOneIT {

    private static final String SETTINGS = "kerrera.queues=default:10,mail:5\nkerrera.datasource=jdbc/single\n";

    @Inject
    Nodes nodes;

    @Resource(lookup = "jdbc/kerrera")
    DataSource other;

    @Deployment
    static WebArchive application() {
        return DemoArchive.with(PoolOfOneIT.class, Table.class)
                .addAsResource(new StringAsset(SETTINGS), "META-INF/microprofile-config.properties");
    }

    @Test
    void one_pooled_connection_is_enough() throws Exception {
        await().until(() -> nodes.vitals().get("").listener().state() == State.LISTENING);
        Table table = new Table(other);
        List<Long> jobs = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            jobs.add(table.insert("{}"));
        }

        for (long job : jobs) {
            await().until(() -> table.state(job).equals("completed"));
        }
    }
}
