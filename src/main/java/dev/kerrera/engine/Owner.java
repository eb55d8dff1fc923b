package dev.kerrera.engine;

import java.util.List;
import java.util.UUID;

/**
 * Who runs a job: a producer of a node, as it stands in {@code attempted_by}.
 *
 * @param node name of the node
 * @param producer made anew each time a producer starts
 */
public record Owner(String node, UUID producer) {

    List<String> attemptedBy() {
        return List.of(node, producer.toString());
    }
}
