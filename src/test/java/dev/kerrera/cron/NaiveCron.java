package dev.kerrera.cron;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Cron as somebody would do it by hand: look at the local clock once a minute, and ask for each part of each field whether it allows
 * what the clock shows.
 */
final class NaiveCron {

    /** What a local clock shows at a minute, whether it has shown that before, and what it left out just before. */
    record Shown(
            Instant instant,
            int minute,
            int hour,
            int day,
            int month,
            int weekday,
            boolean seenBefore,
            List<Shown> leftOut) {

        static Shown of(Instant instant, LocalDateTime local, boolean seenBefore, List<Shown> leftOut) {
            return new Shown(
                    instant,
                    local.getMinute(),
                    local.getHour(),
                    local.getDayOfMonth(),
                    local.getMonthValue(),
                    "SUNMONTUEWEDTHUFRISAT".indexOf(local.getDayOfWeek().name().substring(0, 3)) / 3,
                    seenBefore,
                    List.copyOf(leftOut));
        }
    }

    private final boolean[][] allowed = new boolean[5][];
    private final boolean namesHours;

    NaiveCron(String text) {
        String[] fields = text.split(" ");
        int[][] ranges = {{0, 59}, {0, 23}, {1, 31}, {1, 12}, {0, 6}};
        for (int i = 0; i < 5; i++) {
            String field = fields[i];
            int least = ranges[i][0];
            int most = ranges[i][1];
            allowed[i] = new boolean[most + 1];
            IntStream.rangeClosed(least, most)
                    .filter(value -> allows(field, value, least))
                    .forEach(value -> allowed[fieldOf(ranges, least, most)][value] = true);
        }
        namesHours = IntStream.range(0, 24).anyMatch(hour -> !allowed[1][hour]);
    }

    private static int fieldOf(int[][] ranges, int least, int most) {
        return IntStream.range(0, 5)
                .filter(i -> ranges[i][0] == least && ranges[i][1] == most)
                .findFirst()
                .orElseThrow();
    }

    private static boolean allows(String field, int value, int least) {
        for (String part : field.split(",")) {
            String[] stepped = part.split("/");
            int step = stepped.length == 1 ? 1 : Integer.parseInt(stepped[1]);
            String[] ends = stepped[0].split("-");
            int from = ends[0].equals("*") ? least : Integer.parseInt(ends[0]);
            boolean single = ends.length == 1 && stepped.length == 1 && !ends[0].equals("*");
            int to = single ? from : ends.length == 2 ? Integer.parseInt(ends[1]) : Integer.MAX_VALUE;
            if (value >= from && value <= to && (value - from) % step == 0) {
                return true;
            }
        }
        return false;
    }

    /** Every minute of a while. */
    static List<Shown> watch(ZoneId zone, Instant first, Instant end) {
        List<Shown> minutes = new ArrayList<>();
        LocalDateTime before = LocalDateTime.ofInstant(first.minusSeconds(60), zone);
        LocalDateTime latest = before;
        for (Instant instant = first; instant.isBefore(end); instant = instant.plusSeconds(60)) {
            LocalDateTime local = LocalDateTime.ofInstant(instant, zone);
            List<Shown> leftOut = new ArrayList<>();
            for (LocalDateTime skipped = before.plusMinutes(1);
                    skipped.isBefore(local);
                    skipped = skipped.plusMinutes(1)) {
                leftOut.add(Shown.of(instant, skipped, false, List.of()));
            }
            minutes.add(Shown.of(instant, local, !local.isAfter(latest), leftOut));
            latest = local.isAfter(latest) ? local : latest;
            before = local;
        }
        return minutes;
    }

    List<Instant> among(List<Shown> minutes) {
        List<Instant> found = new ArrayList<>();
        for (Shown minute : minutes) {
            boolean due = matches(minute);
            if (namesHours) {
                due = due && !minute.seenBefore() || anyMatch(minute.leftOut());
            }
            if (due) {
                found.add(minute.instant());
            }
        }
        return found;
    }

    private boolean anyMatch(List<Shown> minutes) {
        return !minutes.isEmpty() && minutes.stream().anyMatch(this::matches);
    }

    private boolean matches(Shown minute) {
        return allowed[0][minute.minute()]
                && allowed[1][minute.hour()]
                && allowed[2][minute.day()]
                && allowed[3][minute.month()]
                && allowed[4][minute.weekday()];
    }
}
