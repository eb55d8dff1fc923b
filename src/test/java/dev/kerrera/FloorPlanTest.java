package dev.kerrera;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import jakarta.enterprise.inject.spi.CDI;
import jakarta.persistence.EntityManager;
import java.time.Clock;
import java.util.Date;
import java.util.Set;
import java.util.Timer;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.stream.Stream;

@AnalyzeClasses(packages = FloorPlanTest.ROOT, importOptions = ImportOption.DoNotIncludeTests.class)
class FloorPlanTest {
    static final String ROOT = "dev.kerrera";

    /** A room, and the rooms it may import. */
    private static final String PLAN = """
            job         |
            config      |
            task        |
            cron        |
            db          | config
            telemetry   | task job config
            worker      | job config
            engine      | db telemetry job config
            notifier    | task db telemetry config
            peer        | task notifier db telemetry config
            insert      | engine notifier worker db telemetry job config
            queue       | task engine notifier worker telemetry job config
            met         | task queue peer engine notifier telemetry job config
            maintenance | task cron peer insert engine notifier worker db telemetry job config
            roof        | task cron maintenance met peer insert queue notifier engine db telemetry worker job config
            admin       | task cron roof met queue peer notifier telemetry job config
            testing     | cron roof queue insert engine worker telemetry job config
            """;

    @ArchTest
    static final ArchRule rooms_import_what_the_plan_allows = floorPlan();

    @ArchTest
    static final ArchRule rooms_form_no_cycle =
            slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().allowEmptyShould(true);

    @ArchTest
    static final ArchRule time_comes_from_the_clock = noClasses()
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callConstructor(Date.class)
            .orShould()
            .callMethodWhere(
                    describe("the target is java.time's now() without a clock", FloorPlanTest::readsTheSystemTime));

    @ArchTest
    static final ArchRule only_config_makes_a_clock = noClasses()
            .that()
            .resideOutsideOfPackage(room("config"))
            .should()
            .callMethodWhere(
                    calls(Clock.class, "system", "systemUTC", "systemDefaultZone", "tickMillis", "tickSeconds"));

    @ArchTest
    static final ArchRule threads_are_managed = noClasses()
            .should()
            .callConstructorWhere(describe(
                    "the target is a Thread", call -> call.getTargetOwner().isAssignableTo(Thread.class)))
            .orShould()
            .callMethodWhere(calls(Thread.class, "ofVirtual", "ofPlatform", "startVirtualThread"))
            .orShould()
            .dependOnClassesThat()
            .belongToAnyOf(
                    Executors.class,
                    ThreadPoolExecutor.class,
                    ScheduledThreadPoolExecutor.class,
                    ForkJoinPool.class,
                    Timer.class);

    @ArchTest
    static final ArchRule sql_stays_in_its_rooms = noClasses()
            .that()
            .resideOutsideOfPackages(rooms("db", "engine", "notifier", "peer", "insert", "maintenance"))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.sql..", "javax.sql..", "org.postgresql..");

    @ArchTest
    static final ArchRule persistence_stays_in_its_rooms = noClasses()
            .that()
            .resideOutsideOfPackages(rooms("job", "admin"))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("jakarta.persistence..", "org.hibernate..");

    @ArchTest
    static final ArchRule jobs_are_written_by_the_engine_alone =
            noClasses().should().callMethodWhere(calls(EntityManager.class, "persist", "merge", "remove"));

    @ArchTest
    static final ArchRule beans_are_injected =
            noClasses().that().resideOutsideOfPackage(ROOT).should().callMethodWhere(calls(CDI.class, "current"));

    @ArchTest
    static final ArchRule any_server_will_do = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.ibm..", "io.openliberty..", "io.smallrye..", "org.jboss..");

    private static LayeredArchitecture floorPlan() {
        LayeredArchitecture plan = layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .withOptionalLayers(true)
                .ensureAllClassesAreContainedInArchitecture();
        for (String[] row : rows()) {
            plan = plan.layer(row[0]).definedBy(room(row[0]));
        }
        for (String[] row : rows()) {
            plan = row.length == 1
                    ? plan.whereLayer(row[0]).mayNotAccessAnyLayer()
                    : plan.whereLayer(row[0]).mayOnlyAccessLayers(row[1].split(" "));
        }
        return plan;
    }

    private static String[][] rows() {
        return PLAN.lines().map(line -> line.strip().split("\\s*\\|\\s*")).toArray(String[][]::new);
    }

    private static String[] rooms(String... names) {
        return Stream.of(names).map(FloorPlanTest::room).toArray(String[]::new);
    }

    private static String room(String name) {
        return name.equals("roof") ? ROOT : ROOT + "." + name + "..";
    }

    private static boolean readsTheSystemTime(JavaCall<?> call) {
        return call.getTargetOwner().getPackageName().equals("java.time")
                && call.getName().equals("now")
                && call.getTarget().getRawParameterTypes().stream().noneMatch(type -> type.isEquivalentTo(Clock.class));
    }

    private static DescribedPredicate<JavaCall<?>> calls(Class<?> owner, String... methods) {
        Set<String> names = Set.of(methods);
        return describe(
                "the target is " + owner.getSimpleName() + " " + names,
                call -> call.getTargetOwner().isAssignableTo(owner) && names.contains(call.getName()));
    }
}
