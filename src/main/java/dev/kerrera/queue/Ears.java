package dev.kerrera.queue;

import dev.kerrera.notifier.Channel;
import dev.kerrera.notifier.Notifier;
import jakarta.json.JsonObject;

/** What the queues of this node hear, and do about it. Called on the listening thread, so nothing here blocks. Thread-safe. */
final class Ears {

    private static final System.Logger LOG = System.getLogger(Ears.class.getName());

    private final Notifier notifier;
    private final Producers producers;
    private final Midwife midwife;
    private final Lookout lookout;
    private final Heart heart;

    Ears(Notifier notifier, Producers producers, Midwife midwife, Lookout lookout, Heart heart) {
        this.notifier = notifier;
        this.producers = producers;
        this.midwife = midwife;
        this.lookout = lookout;
        this.heart = heart;
    }

    void open() {
        notifier.subscribe(Channel.INSERT, this::inserted);
        notifier.subscribe(Channel.SIGNAL, this::signalled);
        notifier.onListening(producers::wakeAll);
    }

    private void inserted(JsonObject message) {
        producers.wake(message.getString("queue", ""));
    }

    /** As in Oban every signal wakes every queue, whatever it says. */
    private void signalled(JsonObject message) {
        obey(QueueSignal.of(message));
        producers.wakeAll();
    }

    private void obey(QueueSignal signal) {
        if (signal instanceof QueueSignal.Pause pause) {
            order(Order.of(pause, System.nanoTime()));
        } else if (signal instanceof QueueSignal.Scale scale) {
            order(Order.of(scale, System.nanoTime()));
        } else if (signal instanceof QueueSignal.Start start) {
            midwife.start(start);
        } else if (signal instanceof QueueSignal.Stop stop) {
            midwife.stop(stop.queue());
        } else if (signal instanceof QueueSignal.Kill kill) {
            lookout.suspect(kill.job());
        } else if (signal instanceof QueueSignal.Ignored ignored) {
            LOG.log(System.Logger.Level.WARNING, ignored.reason());
        }
    }

    private void order(Order order) {
        midwife.order(order);
        producers.matching(order.queue()).forEach(producer -> producer.obey(order));
        heart.beatSoon();
    }
}
