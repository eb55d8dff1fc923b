package dev.kerrera.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InstancesReaderTest {

    private final Map<String, String> values = new HashMap<>();
    private String unreadable = "none";

    @Test
    void without_further_instances_there_is_the_main_one() {
        assertThat(read().named()).isEmpty();
        assertThat(read().main().name()).isEqualTo("Kerrera");
    }

    @Test
    void an_instance_has_keys_of_its_own() {
        set("kerrera.instances", "reports, audit");
        set("kerrera.instance.reports.prefix", "reports");
        set("kerrera.instance.reports.queues", "nightly:2");
        set("kerrera.instance.reports.queues.hourly.limit", "3");
        set("kerrera.instance.reports.poll-interval", "7s");
        set("kerrera.instance.audit.prefix", "audit");

        Settings reports = read().named().get("reports");

        assertThat(read().named()).containsOnlyKeys("reports", "audit");
        assertThat(reports.prefix().name()).isEqualTo("reports");
        assertThat(reports.queues()).containsOnlyKeys("nightly", "hourly");
        assertThat(reports.pollInterval()).isEqualTo(Duration.ofSeconds(7));
        assertThat(read().main().pollInterval()).isEqualTo(Duration.ofSeconds(1));
        assertThat(read().queues()).containsExactlyInAnyOrder("default", "nightly", "hourly");
    }

    @Test
    void an_instance_is_named_after_itself_unless_it_says_otherwise() {
        reports();
        set("kerrera.name", "Main");
        assertThat(read().named().get("reports").name()).isEqualTo("reports");

        set("kerrera.instance.reports.name", "Reports");
        assertThat(read().named().get("reports").name()).isEqualTo("Reports");
    }

    @Test
    void node_and_server_are_shared_and_intervals_are_not() {
        reports();
        set("kerrera.node", "web-7");
        set("kerrera.datasource", "jdbc/shop");
        set("kerrera.notifier.password", "secret");
        set("kerrera.poll-interval", "9s");

        Settings reports = read().named().get("reports");

        assertThat(reports.node()).isEqualTo("web-7");
        assertThat(reports.datasource()).isEqualTo("jdbc/shop");
        assertThat(reports.notifier().password()).contains("secret");
        assertThat(reports.pollInterval()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void the_way_to_a_server_is_not_shared_by_an_instance_on_another_one() {
        reports();
        set("kerrera.notifier.password", "secret");
        set("kerrera.instance.reports.datasource", "jdbc/reports");

        assertThat(read().named().get("reports").notifier().password()).isEmpty();
    }

    @Test
    void disabling_kerrera_disables_every_instance() {
        reports();
        set("kerrera.enabled", "false");

        assertThat(read().named().get("reports").enabled()).isFalse();
    }

    @Test
    void two_instances_may_not_share_tables() {
        set("kerrera.instances", "reports");

        refused("kerrera.instance.reports.prefix must differ from that of the main instance");
    }

    @Test
    void mistakes_of_all_instances_are_told_together_by_their_own_keys() {
        reports();
        set("kerrera.stager.limit", "0");
        set("kerrera.instance.reports.stager.limit", "many");
        set("kerrera.instance.reports.stagger.limit", "5");
        set("kerrera.instance.absent.prefix", "absent");

        refused("kerrera.stager.limit must be a whole number of at least 1, was '0'");
        refused("kerrera.instance.reports.stager.limit must be a whole number of at least 1, was 'many'");
        refused(
                "kerrera.instance.reports.stagger.limit is not a key of Kerrera: did you mean kerrera.instance.reports.stager.limit?");
        refused(
                "kerrera.instance.absent.prefix is of an instance that does not exist: add it to kerrera.instances, which has [reports]");
    }

    @Test
    void names_that_cannot_stand_in_a_key_are_refused() {
        set("kerrera.instances", "my reports");

        refused("kerrera.instances must list names of letters, digits and hyphens, was 'my reports'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kerrera.instance.reports.poll-interval",
                "kerrera.instance.reports.datasource",
                "kerrera.instances"
            })
    void a_value_that_cannot_be_read_is_told_once_by_its_own_key(String key) {
        reports();
        unreadable = key;

        assertThatThrownBy(this::read)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(key + " refers to a property that is not set")
                .message()
                .doesNotContain("instance.reports.instance");
    }

    @Test
    void an_instance_has_no_further_instances() {
        reports();
        set("kerrera.instance.reports.instances", "more");

        refused("kerrera.instance.reports.instances has no effect: list every instance in kerrera.instances");
    }

    private void reports() {
        set("kerrera.instances", "reports");
        set("kerrera.instance.reports.prefix", "reports");
    }

    private void set(String key, String value) {
        values.put(key, value);
    }

    private void refused(String problem) {
        assertThatThrownBy(this::read)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(problem);
    }

    private Instances read() {
        return new InstancesReader(this::value, values.keySet(), name -> false, "here").read();
    }

    private Optional<String> value(String name) {
        if (name.equals(unreadable)) {
            throw new IllegalArgumentException(name + " refers to a property that is not set");
        }
        return Optional.ofNullable(values.get(name));
    }
}
