package dev.kerrera;

import dev.kerrera.config.Instances;
import dev.kerrera.config.OfInstance;
import dev.kerrera.task.Threads;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The instances of this application, each put together for itself. Start and stop are idempotent; thread-safe. */
public final class Nodes {

    private static final System.Logger LOG = System.getLogger(Nodes.class.getName());

    private final Node main;
    private final Map<String, Node> named = new LinkedHashMap<>();
    private final Threads threads;

    Nodes(Instances instances, Surroundings around) {
        this.main = new Node(instances.main(), null, around);
        instances
                .named()
                .forEach((name, settings) -> named.put(name, new Node(settings, OfInstance.Literal.of(name), around)));
        this.threads = around.threads();
    }

    /** How the instances are, by name; the main one has none. */
    public Map<String, Vitals> vitals() {
        Map<String, Vitals> vitals = new LinkedHashMap<>();
        vitals.put("", main.vitals());
        named.forEach((name, node) -> vitals.put(name, node.vitals()));
        return vitals;
    }

    Node main() {
        return main;
    }

    Node of(String instance) {
        Node node = named.get(instance);
        if (node == null) {
            throw new IllegalArgumentException(
                    "there is no instance '%s': kerrera.instances has %s".formatted(instance, named.keySet()));
        }
        return node;
    }

    Collection<Node> all() {
        List<Node> all = new ArrayList<>(List.of(main));
        all.addAll(named.values());
        return all;
    }

    /** All of them or none: where one is refused, those before it are stopped again. */
    void start() {
        try {
            all().forEach(node -> node.lifecycle().start());
        } catch (RuntimeException refused) {
            stop();
            throw refused;
        }
    }

    /** Beside each other, so that together they take no longer than the longest grace period. */
    void stop() {
        List<CompletableFuture<Void>> others = named.values().stream()
                .map(node -> threads.beside(() -> stop(node)))
                .toList();
        stop(main);
        others.forEach(CompletableFuture::join);
        all().forEach(node -> node.notifier().leaveApplication());
    }

    /** What one instance makes of its stop keeps no other from its own. */
    private static void stop(Node node) {
        try {
            node.lifecycle().stop();
        } catch (RuntimeException failure) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "The instance %s did not stop in order"
                            .formatted(node.settings().ident()),
                    failure);
        }
    }
}
