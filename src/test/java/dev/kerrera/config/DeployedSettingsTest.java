package dev.kerrera.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.config.spi.ConfigProviderResolver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against SmallRye Config, the MicroProfile Config of Open Liberty, Quarkus and WildFly. */
class DeployedSettingsTest {

    private static final int ENVIRONMENT_ORDINAL = 300;

    private final ClassLoader before = Thread.currentThread().getContextClassLoader();
    private final ClassLoader application = new ClassLoader(before) {};
    private final Map<String, String> file = new HashMap<>();
    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void enter_an_application() {
        Thread.currentThread().setContextClassLoader(application);
    }

    @AfterEach
    void leave_it() {
        try {
            ConfigProviderResolver.instance().releaseConfig(ConfigProvider.getConfig(application));
        } finally {
            Thread.currentThread().setContextClassLoader(before);
            System.clearProperty("kerrera.queues.mail.limit");
            System.clearProperty("kerrera.node");
        }
    }

    @Test
    void without_configuration_everything_has_its_default_and_the_node_is_named_after_the_host() {
        Settings settings = DeployedSettings.read().main();

        assertThat(settings.node()).isNotBlank();
        assertThat(settings.queues()).containsOnlyKeys("default");
    }

    @Test
    void system_properties_are_read() {
        System.setProperty("kerrera.node", "java-1");
        System.setProperty("kerrera.queues.mail.limit", "3");

        assertThat(DeployedSettings.read().main().node()).isEqualTo("java-1");
        assertThat(DeployedSettings.read().main().queues())
                .containsExactly(Map.entry("mail", new QueueSettings("mail", 3)));
    }

    @Test
    void an_environment_variable_goes_before_the_file() {
        file.put("kerrera.prefix", "jobs");
        file.put("kerrera.poll-interval", "5s");
        environment.put("KERRERA_PREFIX", "tenant");
        environment.put("KERRERA_POLL_INTERVAL", "7s");

        assertThat(read().prefix().name()).isEqualTo("tenant");
        assertThat(read().pollInterval()).hasSeconds(7);
    }

    @Test
    void an_environment_variable_declares_a_queue() {
        environment.put("KERRERA_QUEUES_MAIL_LIMIT", "4");

        assertThat(read().queues()).containsExactly(Map.entry("mail", new QueueSettings("mail", 4)));
    }

    @Test
    void an_environment_variable_changes_the_limit_of_a_queue_of_the_file() {
        file.put("kerrera.queues.mail.limit", "1");
        environment.put("KERRERA_QUEUES_MAIL_LIMIT", "4");

        assertThat(read().queues()).containsExactly(Map.entry("mail", new QueueSettings("mail", 4)));
    }

    @Test
    void an_environment_variable_changes_the_limit_of_a_queue_whose_name_it_cannot_spell() {
        file.put("kerrera.queues.my-mail.limit", "1");
        environment.put("KERRERA_QUEUES_MY_MAIL_LIMIT", "4");

        assertThat(read().queues()).containsExactly(Map.entry("my-mail", new QueueSettings("my-mail", 4)));
    }

    @Test
    void an_environment_variable_changes_the_limit_of_a_queue_of_the_line() {
        file.put("kerrera.queues", "my-mail:1,Push:2");
        environment.put("KERRERA_QUEUES_MY_MAIL_LIMIT", "4");
        environment.put("KERRERA_QUEUES_PUSH_LIMIT", "5");

        assertThat(read().queues())
                .containsExactly(
                        Map.entry("my-mail", new QueueSettings("my-mail", 4)),
                        Map.entry("Push", new QueueSettings("Push", 5)));
    }

    @Test
    void environment_variables_of_others_that_start_alike_are_left_alone() {
        environment.put("KERRERA_DB_URL", "jdbc:postgresql://db/jobs");
        environment.put("KERRERA_STAGGER_LIMIT", "5");

        assertThat(read().queues()).containsOnlyKeys("default");
    }

    @Test
    void a_mistyped_key_of_a_file_is_refused() {
        file.put("kerrera.stagger.limit", "5");

        assertThatThrownBy(this::read)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(
                        "kerrera.stagger.limit is not a key of Kerrera: did you mean kerrera.stager.limit?");
    }

    @Test
    void a_value_that_refers_to_nothing_is_one_problem_among_others() {
        file.put("kerrera.notifier.url", "jdbc:postgresql://${no.such.host}/jobs");
        file.put("kerrera.stager.limit", "many");

        assertThatThrownBy(this::read)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("kerrera.notifier.url refers to a property that is not set")
                .hasMessageContaining("kerrera.stager.limit");
    }

    private Settings read() {
        Config config = new SmallRyeConfigBuilder()
                .withSources(
                        new PropertiesConfigSource(file, "microprofile-config.properties", 100),
                        new EnvConfigSource(environment, ENVIRONMENT_ORDINAL))
                .addDefaultInterceptors()
                .build();
        return DeployedSettings.read(config, environment.keySet()).main();
    }
}
