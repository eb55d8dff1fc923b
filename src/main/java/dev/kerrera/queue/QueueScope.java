package dev.kerrera.queue;

import dev.kerrera.config.Settings;
import dev.kerrera.engine.LastingOrders;
import dev.kerrera.notifier.Signals;
import java.util.Objects;

/**
 * Which nodes an order to a queue is for, and whether it outlives their restarts; Oban's options {@code local_only} and
 * {@code node}. Immutable.
 *
 * <pre>{@code
 * jobs.pauseQueue("mail", QueueScope.onNode("web.2").lasting());
 * }</pre>
 */
public final class QueueScope {

    private enum Reach {
        EVERYWHERE,
        NODE,
        LOCAL
    }

    private static final QueueScope EVERYWHERE = new QueueScope(Reach.EVERYWHERE, LastingOrders.ALL_NODES, false);
    private static final QueueScope LOCAL = new QueueScope(Reach.LOCAL, LastingOrders.ALL_NODES, false);

    private final Reach reach;
    private final String node;
    private final boolean lasting;

    private QueueScope(Reach reach, String node, boolean lasting) {
        this.reach = reach;
        this.node = node;
        this.lasting = lasting;
    }

    /** Every node that shares the tables, those of Elixir included; the default. */
    public static QueueScope everywhere() {
        return EVERYWHERE;
    }

    /**
     * The node of that name, among those of this instance.
     *
     * @param node name of a node, as in {@code kerrera.node}
     * @throws IllegalArgumentException when no node can have that name
     */
    public static QueueScope onNode(String node) {
        if (Objects.requireNonNull(node, "node").isEmpty() || node.chars().anyMatch(Character::isWhitespace)) {
            throw new IllegalArgumentException(
                    "node must be the name of a node, which is not empty and has no white space, was '%s'"
                            .formatted(node));
        }
        return new QueueScope(Reach.NODE, node, false);
    }

    /** This node. An order to a queue that does not run here is refused. */
    public static QueueScope local() {
        return LOCAL;
    }

    /**
     * The same, and it holds beyond restarts: for every node of this instance that the scope means, whether or not it runs or
     * listens now. Nodes of Elixir forget it when they restart, as they forget everything of the kind.
     */
    public QueueScope lasting() {
        return new QueueScope(reach, node, true);
    }

    boolean isLocal() {
        return reach == Reach.LOCAL;
    }

    boolean isOneNode() {
        return reach == Reach.NODE;
    }

    boolean isLasting() {
        return lasting;
    }

    /** The node in the table of lasting orders. */
    String node(Settings settings) {
        return isLocal() ? settings.node() : node;
    }

    /** How signals are addressed. */
    String ident(Settings settings) {
        return reach == Reach.EVERYWHERE ? Signals.ANY : settings.name() + "." + node(settings);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof QueueScope scope
                && reach == scope.reach
                && node.equals(scope.node)
                && lasting == scope.lasting;
    }

    @Override
    public int hashCode() {
        return Objects.hash(reach, node, lasting);
    }

    @Override
    public String toString() {
        String nodes =
                switch (reach) {
                    case EVERYWHERE -> "everywhere";
                    case NODE -> "on node " + node;
                    case LOCAL -> "on this node";
                };
        return lasting ? nodes + ", lasting" : nodes;
    }
}
