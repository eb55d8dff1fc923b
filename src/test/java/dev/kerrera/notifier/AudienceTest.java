package dev.kerrera.notifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kerrera.task.BareCode;
import dev.kerrera.telemetry.Observers;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jboss.weld.environment.se.Weld;
import org.jboss.weld.environment.se.WeldContainer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AudienceTest {

    private static final List<String> TOLD = new CopyOnWriteArrayList<>();

    private final Subscriptions subscriptions = new Subscriptions("public", new Channels(List.of()), new BareCode());
    private WeldContainer container;

    @ApplicationScoped
    static class Gossiper {
        void gossip(@Observes @Gossip Notification heard) {
            TOLD.add("gossip");
        }

        void prices(@Observes @OnChannel("prices") Notification heard) {
            TOLD.add("prices");
        }
    }

    @ApplicationScoped
    static class Everybody {
        void all(@Observes Notification heard) {
            TOLD.add("all of " + heard.channel());
        }
    }

    @AfterEach
    void stop() {
        container.shutdown();
        TOLD.clear();
    }

    @Test
    void channels_that_are_observed_are_heard_and_no_others() {
        Audience audience = audience(Gossiper.class);

        assertThat(List.of("gossip", "prices", "insert", "signal"))
                .filteredOn(audience::hears)
                .containsExactly("gossip", "prices");
        audience.tell(message("prices"));
        audience.tell(message("insert"));
        assertThat(TOLD).containsExactly("prices");
    }

    @Test
    void who_observes_all_hears_all() {
        Audience audience = audience(Everybody.class);

        assertThat(audience.hears("insert")).isTrue();
        audience.tell(message("insert"));
        assertThat(TOLD).containsExactly("all of insert");
    }

    @Test
    void a_listener_is_heard_of_until_it_is_closed() {
        Audience audience = audience(Gossiper.class);
        assertThat(audience.hears("insert")).isFalse();

        Subscription subscription = subscriptions.listen("insert", heard -> TOLD.add("listener"));
        assertThat(audience.hears("insert")).isTrue();
        audience.tell(message("insert"));
        subscription.close();

        assertThat(audience.hears("insert")).isFalse();
        assertThat(TOLD).containsExactly("listener");
    }

    private Audience audience(Class<?> bean) {
        container = new Weld().disableDiscovery().addBeanClasses(bean).initialize();
        return new Audience(new Observers(container.getBeanManager(), new BareCode(), Runnable::run), subscriptions);
    }

    private static Notification message(String channel) {
        return new Notification(channel, JsonValue.EMPTY_JSON_OBJECT);
    }
}
