package dev.kerrera.queue;

import dev.kerrera.task.Interval;
import dev.kerrera.task.LoopStatus;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;

/**
 * What the queues of a node do again and again.
 *
 * @param heart tells the table that they live
 * @param lasting asks it how they are to be
 * @param poll asks it for work
 */
record Rounds(Heart heart, LastingControl lasting, Interval poll) {

    void start(ScheduledExecutorService timer) {
        lasting.start(timer);
        poll.start(timer);
    }

    List<LoopStatus> status() {
        return List.of(poll.status(), heart.status(), lasting.status());
    }
}
