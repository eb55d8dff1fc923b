package dev.kerrera.liberty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import demo.GossipLog;
import demo.Order;
import demo.OrderDesk;
import demo.OrderRefusedException;
import demo.PlacedOrder;
import dev.kerrera.job.JobState;
import dev.kerrera.testsupport.DemoArchive;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/** The example as a user would run it: an EJB, a worker and an observer. */
@ArquillianTest
class OrderDeskIT {

    @Inject
    OrderDesk desk;

    @Inject
    GossipLog gossip;

    @Deployment
    static WebArchive application() {
        return DemoArchive.with(OrderDeskIT.class);
    }

    @Test
    void committed_order_has_its_receipt_sent_and_gossiped() {
        PlacedOrder placed = desk.place(new Order("ada@example.org", new BigDecimal("19.90")), false);

        await().until(() -> desk.job(placed.job()).orElseThrow().state() == JobState.COMPLETED);
        await().until(() -> !gossip.about(placed.order()).isEmpty());
        assertThat(gossip.about(placed.order())).containsExactly("receipt over 19.90 sent to ada@example.org");
    }

    @Test
    void refused_order_leaves_neither_order_nor_job() {
        assertThatThrownBy(() -> desk.place(new Order("bob@example.org", BigDecimal.TEN), true))
                .isInstanceOf(OrderRefusedException.class);
    }
}
