package dev.kerrera.queue;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A producer that was asked for and is not made yet. It keeps what is ordered meanwhile. To pass an order on twice does no harm,
 * so who orders tells the expected first and the producers then, and who adds a producer passes on before and after. Thread-safe.
 */
final class Expected {

    private final String queue;
    private final List<Order> orders = new CopyOnWriteArrayList<>();

    Expected(String queue) {
        this.queue = queue;
    }

    void order(Order order) {
        if (order.concerns(queue)) {
            orders.add(order);
        }
    }

    /** Returns whether that changes anything. */
    boolean passOn(Producer producer) {
        boolean change = false;
        for (Order order : orders) {
            change |= producer.obey(order);
        }
        return change;
    }
}
