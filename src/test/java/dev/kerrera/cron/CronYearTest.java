package dev.kerrera.cron;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kerrera.cron.NaiveCron.Shown;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A year of minutes in ten zones, each of its changes of the clocks included, beside a walk through the minutes. */
@Tag("long")
@Timeout(120)
class CronYearTest {

    private static final List<String> EXPRESSIONS = List.of(
            "* * * * *",
            "0 * * * *",
            "*/15 * * * *",
            "30 0-23 * * *",
            "7 */1 * * *",
            "0 0 * * *",
            "30 0 * * *",
            "0 1 * * *",
            "30 1 * * *",
            "* 1 * * *",
            "0 2 * * *",
            "15 2 * * *",
            "30 2 * * *",
            "45 1-3 * * *",
            "* 2 * * *",
            "*/20 2,3 * * *",
            "0 3 * * *",
            "0 23 * * *",
            "30 23 * * 6",
            "59 23 31 * *",
            "0 */2 * * *",
            "0 1-23/2 * * *",
            "0 9 30 12 *",
            "10 10 * * 5",
            "0 12 29 2 *",
            "0 0 1 1 *",
            "0 0 13 * 5",
            "*/7 8-18/3 1,15,31 */4 1-5",
            "5/99 22/1 */9 * 0");

    @ParameterizedTest
    @CsvSource({
        "Etc/UTC, 2024",
        "Europe/Berlin, 2024",
        "America/New_York, 2026",
        "America/Santiago, 2023",
        "Australia/Lord_Howe, 2025",
        "Asia/Kathmandu, 2026",
        "Africa/Casablanca, 2026",
        "America/Sao_Paulo, 2018",
        "America/St_Johns, 2010",
        "Pacific/Apia, 2011"
    })
    void names_the_instants_that_a_walk_through_the_minutes_finds(String zoneName, int year) {
        ZoneId zone = ZoneId.of(zoneName);
        Instant first = LocalDate.of(year, 1, 1).atStartOfDay(zone).toInstant();
        Instant end = LocalDate.of(year + 1, 1, 1).atStartOfDay(zone).toInstant();
        List<Shown> minutes = NaiveCron.watch(zone, first, end);
        List<Instant> probes = probes(zone, first, end);

        for (String text : expressions(zoneName.hashCode())) {
            CronExpression expression = CronExpression.parse(text);
            List<Instant> naive = new NaiveCron(text).among(minutes);

            assertThat(expression.between(first.minusSeconds(1), end.minusSeconds(1), zone))
                    .as("%s in %s", text, zoneName)
                    .isEqualTo(naive);
            neighbours(expression, zone, naive, probes);
        }
    }

    private static void neighbours(CronExpression expression, ZoneId zone, List<Instant> naive, List<Instant> probes) {
        for (Instant probe : probes) {
            int found = Collections.binarySearch(naive, probe);
            int higher = found < 0 ? -found - 1 : found + 1;
            int lower = found < 0 ? -found - 2 : found - 1;
            if (higher < naive.size()) {
                assertThat(expression.next(probe, zone))
                        .as("%s in %s after %s", expression, zone, probe)
                        .contains(naive.get(higher));
            }
            if (lower >= 0) {
                assertThat(expression.last(probe, zone))
                        .as("%s in %s before %s", expression, zone, probe)
                        .contains(naive.get(lower));
            }
        }
    }

    /** Around each change of the clocks, and some at random. */
    private static List<Instant> probes(ZoneId zone, Instant first, Instant end) {
        List<Instant> probes = new ArrayList<>();
        var change = zone.getRules().nextTransition(first);
        while (change != null && change.getInstant().isBefore(end)) {
            for (long minutes : new long[] {-1500, -90, -60, -31, -1, 0, 1, 29, 30, 59, 60, 61, 119, 1440}) {
                probes.add(change.getInstant().plus(Duration.ofMinutes(minutes)));
            }
            change = zone.getRules().nextTransition(change.getInstant());
        }
        new Random(7)
                .longs(12, first.getEpochSecond(), end.getEpochSecond())
                .mapToObj(Instant::ofEpochSecond)
                .forEach(probes::add);
        return probes;
    }

    private static List<String> expressions(int seed) {
        Random random = new Random(seed);
        List<String> expressions = new ArrayList<>(EXPRESSIONS);
        IntStream.range(0, 5)
                .forEach(i -> expressions.add(String.join(
                        " ",
                        field(random, 0, 59, 3),
                        field(random, 0, 23, 3),
                        field(random, 1, 28, 8),
                        field(random, 1, 12, 8),
                        field(random, 0, 6, 8))));
        return expressions;
    }

    /** @param stars how many of ten are no restriction */
    private static String field(Random random, int least, int most, int stars) {
        if (random.nextInt(10) < stars) {
            return "*";
        }
        List<String> parts = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            int a = least + random.nextInt(most - least + 1);
            int b = a + random.nextInt(most - a + 1);
            int step = 1 + random.nextInt(random.nextBoolean() ? 7 : 99);
            parts.add(List.of("" + a, a + "-" + b, "*/" + step, a + "-" + b + "/" + step, a + "/" + step)
                    .get(random.nextInt(5)));
        }
        return String.join(",", parts);
    }
}
