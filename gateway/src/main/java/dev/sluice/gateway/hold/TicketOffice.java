// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.hold;

import dev.sluice.schemas.Principal;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import dev.sluice.schemas.event.TicketEvent;
import dev.sluice.schemas.event.TicketEvent.TicketClaimed;
import dev.sluice.schemas.event.TicketEvent.TicketOpened;
import dev.sluice.schemas.event.VerdictEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Statements that wait for people while their clients do not. Its state is a function of {@code sluice.tickets} and {@code sluice.verdicts}, the same in
 * every gateway and after every restart. Whoever opens or claims a ticket writes that down, reads the log up to its own record, and acts only if it was the
 * first: so one statement has one ticket and one grant lets one statement run, whichever gateways its clients come to. A claim without a run is
 * possible, if a gateway dies between the two; a run without a claim is not.
 */
public final class TicketOffice implements AutoCloseable {
    /** Approval ids of tickets begin with it: a grant for a client that waits is never taken for a ticket's. */
    public static final String PREFIX = "ticket-";

    /** How long after its expiry a ticket may still be asked about. */
    static final Duration KEPT = Duration.ofHours(1);

    /** No rule lets people take longer than seven days, and the log forgets a record after eight. */
    private static final Duration LONGEST = Duration.ofDays(8);

    private static final Logger LOGGER = LoggerFactory.getLogger(TicketOffice.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int LISTED_TEXT = 500;
    private static final Duration LOOK_EVERY = Duration.ofMinutes(1);

    private final int most;
    private final HoldRegistry.Verifier verifier;
    private final Supplier<Instant> clock;
    private final TicketLog log;
    private final ScheduledExecutorService worker =
            Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().name("ticket-office").daemon().factory());

    private final Map<String, Ticket> tickets = new HashMap<>();
    private final Map<String, String> keys = new HashMap<>();
    /** Until when an approval that was claimed, known here or not, could be of use to anybody: it cannot be opened again. */
    private final Map<String, Instant> claimed = new LinkedHashMap<>();
    private final EarlyVerdicts early = new EarlyVerdicts();
    private final EndedApprovals ended;
    private final Map<String, Consumer<TicketAnswer>> opening = new HashMap<>();
    private volatile Consumer<StatementHeld> opened = hold -> {};
    private volatile Runnable beforeUse = () -> {};
    private final Map<String, Claiming> claiming = new HashMap<>();

    private Instant nextLook = Instant.MIN;

    /** @param known the verdicts from which the answer follows */
    private record Claiming(String approvalId, TicketAnswer answer, Set<String> known, HoldOwner owner, Consumer<TicketAnswer> to) {}

    /**
     * @param most tickets at once
     * @param verifier may block; asked on a thread of the office's own
     */
    public TicketOffice(int most, HoldRegistry.Verifier verifier, Supplier<Instant> clock, TicketLog log) {
        this.most = most;
        this.verifier = verifier;
        this.ended = new EndedApprovals(verifier);
        this.clock = clock;
        this.log = log;
    }

    /**
     * What is known of a statement that comes now.
     *
     * @param again the statement, as a hold that was made now; its {@code statementId} tells this question from every other
     * @param owner hears of verdicts that come after the ticket has been used up for this statement
     * @param to hears the answer once, on any thread
     */
    public void present(StatementHeld again, HoldOwner owner, Consumer<TicketAnswer> to) {
        Ticket known;
        boolean full;
        synchronized (this) {
            forget(clock.get());
            Ticket ticket = tickets.get(TicketKey.of(again));
            known = ticket == null ? null : ticket.asItIs();
            full = tickets.size() >= most;
        }
        if (known == null) {
            to.accept(full ? new TicketAnswer.Full() : new TicketAnswer.Unknown());
        } else {
            later(Duration.ZERO, () -> use(known, again, owner, to));
        }
    }

    /** As {@link HoldRegistry#beforeGrants}, before a ticket is used; on a thread of the office's own. */
    public void beforeUse(Runnable task) {
        beforeUse = task;
    }

    private void use(Ticket ticket, StatementHeld again, HoldOwner owner, Consumer<TicketAnswer> to) {
        try {
            beforeUse.run();
            switch (ticket.use(again, verifier, clock.get())) {
                case Ticket.Use.Wait(var rejected) -> to.accept(new TicketAnswer.Pending(ticket.opened.approvalId(), ticket.opened.expiresAt(), rejected));
                case Ticket.Use.Claim(var answer) ->
                    claim(ticket.opened, again, new Claiming(ticket.opened.approvalId(), answer, ticket.verdicts().keySet(), owner, to));
            }
        } catch (RuntimeException defect) {
            LOGGER.atError().setCause(defect).addKeyValue("approvalId", ticket.opened.approvalId()).log("a ticket could not be used");
            to.accept(new TicketAnswer.Unavailable());
        }
    }

    private void claim(TicketOpened opened, StatementHeld again, Claiming claim) {
        String claimId = again.statementId();
        synchronized (this) {
            claiming.put(claimId, claim);
        }
        boolean written = log.append(new TicketClaimed(opened.key(), opened.approvalId(), again.sessionId(), claimId));
        later(written ? PATIENCE : Duration.ZERO, () -> giveUpClaim(claimId));
    }

    /** Once the office is closed nobody is answered any more: the sessions end. */
    private void later(Duration delay, Runnable task) {
        try {
            worker.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            LOGGER.atDebug().log("the ticket office is closed");
        }
    }

    private void giveUpClaim(String claimId) {
        Claiming given;
        synchronized (this) {
            given = claiming.remove(claimId);
        }
        if (given != null) {
            given.to.accept(new TicketAnswer.Unavailable());
        }
    }

    /** Opens a ticket for a hold; the answer is {@link TicketAnswer.Pending} with this approval, or with the one that was there first. */
    public void open(StatementHeld hold, Consumer<TicketAnswer> to) {
        synchronized (this) {
            opening.put(hold.approvalId(), to);
        }
        opened.accept(hold);
        boolean written = log.append(new TicketOpened(
                TicketKey.of(hold),
                hold.approvalId(),
                hold.sessionId(),
                hold.statementId(),
                hold.expiresAt(),
                hold.estimatedRows(),
                hold.inTransaction(),
                hold.policyVersion(),
                hold.catalogVersion(),
                hold.requester(),
                hold.target(),
                hold.database(),
                hold.query().length() <= LISTED_TEXT ? hold.query() : hold.query().substring(0, LISTED_TEXT)));
        later(written ? PATIENCE : Duration.ZERO, () -> giveUpOpening(hold.approvalId()));
    }

    /** Whom to tell of every statement for which a ticket is opened here, on the thread that opens it. */
    public void whenOpened(Consumer<StatementHeld> listener) {
        opened = listener;
    }

    private void giveUpOpening(String approvalId) {
        Consumer<TicketAnswer> to;
        synchronized (this) {
            to = opening.remove(approvalId);
        }
        if (to != null) {
            to.accept(new TicketAnswer.Unavailable());
        }
    }

    /** Runs {@code told} once when a verdict comes for this ticket, or at once if one has. {@link #leave} if it need not any more. */
    public void watch(String approvalId, Runnable told) {
        boolean now;
        synchronized (this) {
            Ticket ticket = byApproval(approvalId);
            now = ticket == null || ticket.hasVerdict();
            if (ticket != null && !now) {
                ticket.watchers.add(told);
            }
        }
        if (now) {
            told.run();
        }
    }

    public synchronized void leave(String approvalId, Runnable told) {
        Ticket ticket = byApproval(approvalId);
        if (ticket != null) {
            ticket.watchers.remove(told);
        }
    }

    /** Open tickets of this requester on this target, in the order of their ends. */
    public synchronized List<WaitingStatement> of(Principal requester, String target) {
        Instant now = clock.get();
        return tickets.values().stream()
                .filter(ticket -> ticket.opened.target().equals(target) && isSame(ticket.opened.requester(), requester) && now.isBefore(ticket.opened.expiresAt()))
                .map(ticket -> new WaitingStatement(
                        ticket.opened.approvalId(), ticket.opened.query(), ticket.opened.expiresAt(), ticket.hasVerdict() ? "answered" : "waiting"))
                .sorted(Comparator.comparing(WaitingStatement::expiresAt))
                .toList();
    }

    private static boolean isSame(Principal one, Principal other) {
        return one.subject().equals(other.subject()) && one.issuer().equals(other.issuer()) && Objects.equals(one.onBehalfOf(), other.onBehalfOf());
    }

    public synchronized int size() {
        return tickets.size();
    }

    /** The next record of {@code sluice.tickets}, in the log's order. {@code written} is when its writer says that it was written. */
    public void apply(TicketEvent event, Instant written) {
        switch (event) {
            case TicketOpened opened -> opened(opened, written);
            case TicketClaimed claim -> claimed(claim);
        }
    }

    private void opened(TicketOpened opened, Instant written) {
        Consumer<TicketAnswer> to;
        Ticket valid;
        synchronized (this) {
            Ticket before = tickets.get(opened.key());
            // Anybody's times, to which nothing is added: they may be the last that there are.
            boolean possible = Duration.between(written, opened.expiresAt()).compareTo(LONGEST) <= 0;
            boolean free = before == null || Duration.between(before.opened.expiresAt(), written).compareTo(KEPT) > 0;
            if (possible && free && opened.approvalId().startsWith(PREFIX) && !claimed.containsKey(opened.approvalId()) && !keys.containsKey(opened.approvalId())) {
                if (before != null) {
                    keys.remove(before.opened.approvalId());
                }
                add(new Ticket(opened));
            }
            valid = tickets.get(opened.key());
            to = opening.remove(opened.approvalId());
        }
        if (to != null) {
            to.accept(valid == null ? new TicketAnswer.Unavailable() : new TicketAnswer.Pending(valid.opened.approvalId(), valid.opened.expiresAt(), null));
        }
    }

    private void add(Ticket ticket) {
        tickets.put(ticket.opened.key(), ticket);
        keys.put(ticket.opened.approvalId(), ticket.opened.key());
        early.give(ticket);
    }

    private void claimed(TicketClaimed claim) {
        Claiming own;
        Ticket used;
        synchronized (this) {
            Ticket ticket = tickets.get(claim.key());
            used = ticket != null && ticket.opened.approvalId().equals(claim.approvalId()) ? ticket : null;
            if (used != null) {
                tickets.remove(claim.key());
                keys.remove(claim.approvalId());
            }
            claimed.put(claim.approvalId(), clock.get().plus(LONGEST));
            own = claiming.remove(claim.claimId());
        }
        if (own != null && used != null && own.approvalId.equals(claim.approvalId())) {
            String objection = own.answer instanceof TicketAnswer.Redeemed ? "another one was used before" : "its ticket had ended before";
            ended.add(own.approvalId, own.owner, own.known, objection);
            own.to.accept(own.answer);
        } else if (own != null) {
            own.to.accept(new TicketAnswer.Ended(own.approvalId, "its approval was used at the same time by another session", List.of()));
        }
        if (used != null) {
            ended.catchUp(claim.approvalId(), used.verdicts(), clock.get());
            used.watchers.forEach(Runnable::run);
        }
    }

    /**
     * A verdict from the log. Those of holds whose clients wait are nobody's here. What is not signed wakes nobody and keeps no room from what is. May block
     * while keys are fetched.
     */
    public void decide(String eventId, VerdictEvent verdict) {
        if (!verdict.approvalId().startsWith(PREFIX)) {
            return;
        }
        boolean genuine = !isClaimed(verdict.approvalId()) && Ticket.isGenuine(verdict, verifier, clock.get());
        List<Runnable> watchers = List.of();
        boolean matters = false;
        boolean late = false;
        synchronized (this) {
            Ticket ticket = byApproval(verdict.approvalId());
            if (ticket != null) {
                matters = clock.get().isBefore(ticket.opened.expiresAt());
                ticket.take(eventId, verdict, genuine);
                watchers = woken(ticket);
            } else if (claimed.containsKey(verdict.approvalId())) {
                late = true;
            } else {
                early.keep(eventId, verdict, genuine);
            }
        }
        if (late) {
            ended.late(eventId, verdict, clock.get());
        } else if (!genuine && matters) {
            LOGGER.atWarn().addKeyValue("approvalId", verdict.approvalId()).addKeyValue("eventId", eventId).log("a verdict for a ticket is not proven to be the approval-service's");
        }
        watchers.forEach(Runnable::run);
    }

    /** Verdicts since the start that counted for nothing and that no session could record: their tickets had been used up. */
    public long unrecorded() {
        return ended.unrecorded();
    }

    private synchronized boolean isClaimed(String approvalId) {
        return claimed.containsKey(approvalId);
    }

    private static List<Runnable> woken(Ticket ticket) {
        if (!ticket.hasVerdict()) {
            return List.of();
        }
        List<Runnable> woken = List.copyOf(ticket.watchers);
        ticket.watchers.clear();
        return woken;
    }

    /** Whether other keys could prove a verdict. */
    public synchronized boolean hasUnproven() {
        return tickets.values().stream().anyMatch(ticket -> !ticket.unproven().isEmpty());
    }

    /** There are other keys than before. May block. */
    public void again() {
        List<Ticket> copies;
        synchronized (this) {
            copies = tickets.values().stream().filter(ticket -> !ticket.unproven().isEmpty()).map(Ticket::asItIs).toList();
        }
        for (Ticket copy : copies) {
            List<VerdictEvent> genuine =
                    copy.unproven().stream().filter(one -> Ticket.isGenuine(one, verifier, clock.get())).toList();
            List<Runnable> watchers = List.of();
            synchronized (this) {
                Ticket ticket = byApproval(copy.opened.approvalId());
                if (ticket != null) {
                    genuine.forEach(ticket::prove);
                    watchers = woken(ticket);
                }
            }
            watchers.forEach(Runnable::run);
        }
    }

    private @Nullable Ticket byApproval(String approvalId) {
        String key = keys.get(approvalId);
        return key == null ? null : tickets.get(key);
    }

    /** What nobody can ask about any more. A ticket is replaced by the next one of its key under the same rule, whether or not it was forgotten here. */
    private void forget(Instant now) {
        Instant old = now.minus(KEPT);
        if (tickets.size() > most / 2) {
            tickets.values().removeIf(ticket -> {
                boolean gone = ticket.opened.expiresAt().isBefore(old);
                if (gone) {
                    keys.remove(ticket.opened.approvalId());
                }
                return gone;
            });
        }
        if (now.isAfter(nextLook)) {
            nextLook = now.plus(LOOK_EVERY);
            claimed.values().removeIf(until -> until.isBefore(old));
        }
    }

    @Override
    public void close() {
        worker.shutdownNow();
    }
}
