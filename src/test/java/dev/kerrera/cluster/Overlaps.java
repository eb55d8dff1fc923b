package dev.kerrera.cluster;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Finds moments in which two nodes led. */
final class Overlaps {

    /** Samples are further apart than this only when the machine stood still, and prove nothing about what lies between. */
    private static final long CLOSE = 100;

    private Overlaps() {}

    /** Each node that led at a moment that lies between two of another's, close to each other. */
    static List<String> in(List<NodeProcess> nodes) throws IOException {
        List<String> found = new ArrayList<>();
        for (NodeProcess one : nodes) {
            List<Long> moments = one.led();
            for (NodeProcess other : nodes) {
                if (other != one) {
                    other.led().stream()
                            .filter(moment -> liesBetween(moments, moment))
                            .forEach(
                                    moment -> found.add("%s and %s at %d".formatted(one.node(), other.node(), moment)));
                }
            }
        }
        return found;
    }

    /** The nodes that led at some moment. */
    static List<String> leaders(List<NodeProcess> nodes) throws IOException {
        List<String> leaders = new ArrayList<>();
        for (NodeProcess node : nodes) {
            if (!node.led().isEmpty()) {
                leaders.add(node.node());
            }
        }
        return leaders;
    }

    private static boolean liesBetween(List<Long> moments, long moment) {
        for (int i = 1; i < moments.size(); i++) {
            long before = moments.get(i - 1);
            long after = moments.get(i);
            if (before < moment && moment < after && after - before <= CLOSE) {
                return true;
            }
        }
        return false;
    }
}
