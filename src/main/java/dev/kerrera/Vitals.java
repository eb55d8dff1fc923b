package dev.kerrera;

import dev.kerrera.db.DatabaseException;
import dev.kerrera.db.Jdbc;
import dev.kerrera.notifier.ListenerStatus;
import dev.kerrera.notifier.Listening;
import dev.kerrera.queue.QueueStatus;
import dev.kerrera.queue.Queues;
import dev.kerrera.task.LoopStatus;
import dev.kerrera.telemetry.Connectivity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What health checks ask of one instance on this node. Thread-safe. */
public final class Vitals {

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Lifecycle lifecycle;
    private final Jdbc jdbc;
    private final Listening listening;
    private final Queues queues;
    private final Upkeep upkeep;

    Vitals(Lifecycle lifecycle, Jdbc jdbc, Listening listening, Queues queues, Upkeep upkeep) {
        this.lifecycle = lifecycle;
        this.jdbc = jdbc;
        this.listening = listening;
        this.queues = queues;
        this.upkeep = upkeep;
    }

    /** Whether the node has started: the schema is verified and its queues run. */
    public NodeStatus start() {
        return lifecycle.status();
    }

    /** Whether the database answers now. */
    public NodeStatus database() {
        try {
            return jdbc.answers(PATIENCE)
                    ? new NodeStatus(true, "answers")
                    : new NodeStatus(false, "did not answer within " + PATIENCE.toSeconds() + " s");
        } catch (DatabaseException unreachable) {
            return new NodeStatus(false, String.valueOf(unreachable.getMessage()));
        }
    }

    /** Whether notifications are heard. */
    public ListenerStatus listener() {
        return listening.status();
    }

    /** How far the node hears others. */
    public Connectivity connectivity() {
        return listening.sonar().status();
    }

    /** The nodes it hears, itself included. */
    public List<String> heardNodes() {
        return listening.sonar().nodes();
    }

    /** The queues of the node as they are now. */
    public List<QueueStatus> queues() {
        return queues.status();
    }

    /** The loops that keep the node going; none before it has started. */
    public List<LoopStatus> loops() {
        List<LoopStatus> loops = new ArrayList<>(listening.loops());
        if (lifecycle.working()) {
            loops.addAll(queues.loops());
            loops.addAll(upkeep.loops());
        }
        return loops;
    }
}
