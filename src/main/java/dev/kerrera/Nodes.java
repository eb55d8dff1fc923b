package dev.kerrera;

import dev.kerrera.config.Instances;
import dev.kerrera.config.OfInstance;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** The instances of this application, each put together for itself. Start and stop are idempotent; thread-safe. */
public final class Nodes {

    private final Node main;
    private final Map<String, Node> named = new LinkedHashMap<>();
    private final Executor executor;

    Nodes(Instances instances, Surroundings around) {
        this.main = new Node(instances.main(), null, around);
        instances
                .named()
                .forEach((name, settings) -> named.put(name, new Node(settings, OfInstance.Literal.of(name), around)));
        this.executor = around.threads();
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

    void start() {
        all().forEach(node -> node.lifecycle().start());
    }

    /** Beside each other, so that together they take no longer than the longest grace period. */
    void stop() {
        CompletableFuture<?>[] others = named.values().stream()
                .map(node -> CompletableFuture.runAsync(node.lifecycle()::stop, executor))
                .toArray(CompletableFuture<?>[]::new);
        main.lifecycle().stop();
        CompletableFuture.allOf(others).join();
        all().forEach(node -> node.notifier().leaveApplication());
    }
}
