//! What somebody says of itself: mood, aims, past, work and memory.

pub(super) const MOOD: &str = r#"calm | Well enough, {you}. A quiet day is a good day.
calm | No complaints, {you}. And you?
calm | Even, I would say. Neither high nor low.
calm | All as it should be, and I know better than to question that.
joy | {Feeling}, {you}! I could not hide it if I tried.
joy | I feel {feeling} today. Some days are simply light.
joy | Splendid. Everything I touch goes well since this morning.
joy warm inn | I'm {feeling}, {you}! The house hums, the fire draws, and nobody has broken a thing.
joy gruff | {Feeling}. Don't look so surprised.
joy lyrical | {Feeling}! I have had a tune on my lips since daybreak.
sadness | A little {feeling}, to be honest with you, {you}.
sadness | It has been a heavy day. It is good that you ask.
sadness | I feel {feeling}. It will pass; it always did.
sadness warm | Oh, {you}. A bit {feeling}, since you ask. One carries on.
sadness gruff | {Feeling}. I'd rather not talk of it.
sadness lyrical | {Feeling}, {you}. All my songs come out slow.
anger | {Feeling}, if you must know. Somebody has it coming.
anger | I am {feeling}, {you}, but not with you.
anger | Do not ask. I am {feeling} enough to bite.
anger warm | I'm {feeling}, {you}! Give me a moment and something to scrub.
anger gruff watch | {Feeling}. There are people here who test me.
fear | Between us, {you}, I feel {feeling}. Something is not right.
fear | I am {feeling}. I keep looking at the door.
fear | Not at ease. I jump at every noise today.
surprise | {Feeling}! I have not yet made sense of it all.
surprise | Quite {feeling}, {you}. I did not see that coming.
surprise | My head still spins. Ask me again in an hour.
disgust | {Feeling}. Some things leave a taste in the mouth.
disgust | I feel {feeling}, {you}. Let us speak of something cleaner.
disgust | I have had better days, and better company than before you came.
trust | At ease, {you}. I am among friends.
trust | {Feeling}. It is good to know whom one can count on.
trust | Calm and content, {you}, the way one is in good company.
anticipation | {Feeling}, {you}. Something is coming, I feel it.
anticipation | I can hardly sit still. There is so much ahead.
anticipation | {Feeling}. Ask me tomorrow whether I was right to be.
calm | Fine, though I would give something for {want}.
calm warm inn | Oh, I manage, {you}. What I could do with is {want}."#;

pub(super) const GOAL: &str = r#"| What I want most is {goal}.
| I have one thing on my mind: {goal}. All else can wait.
| If you ask me, my aim is {goal}. I work on it bit by bit.
| I take the days as they come, {you}. That is plan enough for a {role}.
| To do my work well and sleep well after it. Is that so little?
| A quiet evening, and nobody who asks hard questions. That is my whole plan.
| Most of all I should like {want}. Big plans come after.
anticipation | My aim is {goal}, and I feel that it is closer than it was.
sadness | I once had many plans. What is left is {goal}. Perhaps that suffices.
close | To you I can say it, {you}: my dearest wish is {goal}.
warm | Oh, {you}, what I want is {goal}. You may laugh, but I mean it.
warm inn | A full house and {goal}. Is that too much to ask?
gruff | My aim? {Goal}. No more, no less.
gruff watch | A quiet night. And, one of these days, {goal}.
lyrical | My heart has one refrain, {you}: {goal}.
learned | My present undertaking is {goal}. The evidence so far is encouraging.
courtly | It is our intention {goal}. You may be of use in it.
sly | Profit, of course. And, if you keep it to yourself, {goal}.
plain | Nothing grand. I'd like {goal}, that's all.
young | I want {goal}! And cake.
pious | If it is granted me: {goal}."#;

pub(super) const PAST: &str = r#"| {Past}. That is the short of it.
| {Past}. The rest I tell you when we know each other better.
| There is not much to tell. I became a {role}, and one day followed the other.
| My past? It led here, {you}. That is the best I can say of it.
| Long roads and short nights, {you}, until I was {me} the {role}.
close | For you the long version, {you}. {Past}. There, now you know.
sadness | {Past}. I think of it more than is good for me.
warm | Oh, that's an old story, {you}. {Past}.
gruff | {Past}. Long ago.
lyrical | It would make a ballad. {Past}. I still lack the last verse.
learned | In brief: {past}. Sources differ on the details.
courtly | It is no secret. {Past}.
sly | Which version would you like? In the true one, {past}.
plain | Nothing special. {Past}.
young | I'm still at the beginning! But listen: {past}.
pious | {Past}. It was meant so."#;

pub(super) const WORK: &str = r#"| I am a {role}. Right now that means {chore}.
| What a {role} does: today {chore}, tomorrow something like it.
| Just now I was {deed}. Before that, {chore}.
| It is honest work, {you}. Somebody has to be the {role} here.
calm | Mostly {chore}, {you}. I like it more than I admit.
joy | I was just {deed}, and never liked it better.
sadness | {Chore}, like every day. It keeps the hands busy when the heart is heavy.
warm inn | Pouring, listening and {chore}, {you}. The listening is the hard part.
warm inn | I'm the {role}, {you}: I know what you drink, and what you don't tell.
gruff | {Chore}. Somebody has to.
gruff watch | I keep people like you alive, {you}, and people like them out.
lyrical | I turn what happens into something worth hearing. Today, {chore}.
learned | At the moment I am busy with {chore}. It is more exciting than it sounds.
courtly | Others work, {you}; I decide. Today, {chore}.
sly | This and that. Officially, {chore}.
sly market | I bring {goods} from those who have too much to those who have the money.
plain | Same as every day: {chore}.
young | I help! Today with {chore}.
pious | {Chore}, and a word for whoever needs one."#;

pub(super) const TOLD: &str = r#"| You told me {told}.
| I remember. You said that {told}.
| Of course. You told me {told}. I do not forget such things.
| Let me think. Yes: {told}. Those were more or less your words.
close | How could I forget, {you}? You told me {told}.
warm | You told me {told}, {you}. I keep what I'm told, like a good cellar.
warm inn | I may forget who paid, {you}, but not this: {told}.
gruff | You said {told}. I listen, even if it doesn't look like it.
lyrical | It still rings in my ear: you told me {told}.
learned | According to my notes, {told}. You told me so yourself.
courtly | You did us the honour of telling us that {told}.
sly | {Told}. Such things I remember for free.
plain | Sure I remember. You told me {told}.
young | I know, I know! You said {told}!
pious | You entrusted me with it: {told}."#;

pub(super) const TOLD_NOTHING: &str = r#"| You have not told me of that, {you}. Or I was not listening.
| I do not recall that you ever did. Tell me now.
| There my memory has a hole, {you}. Help me along.
warm | Not a word that I remember, {you}, and I remember most. Go on, tell me.
gruff | No. I'd know.
lyrical | That verse I have never heard. Sing it to me.
learned | I find nothing under that heading. Please continue.
courtly | We were not informed of it.
sly | Either you didn't, or somebody paid me to forget.
plain | I don't think you told me that.
young | Nope! Tell me!
pious | You have not spoken of it yet."#;

pub(super) const RECALLED: &str = r#"| I remember something about that: {memory}.
| What comes to my mind is this: {memory}.
| Wait. Yes. {Memory}.
| I have not forgotten it: {memory}.
fear | I wish I could forget it: {memory}.
joy | Oh, that I remember gladly: {memory}.
sadness | It weighs on me still: {memory}.
warm | That I remember well, {you}: {memory}.
gruff | {Memory}. I was there.
lyrical | Memory hums it to me: {memory}.
learned | I have it noted down: {memory}.
courtly | It was reported so: {memory}.
sly | What I know, and you have it for nothing: {memory}.
plain | What I know is this: {memory}.
young | Oh! I know! {Memory}!
pious | I carry it with me: {memory}."#;

pub(super) const ASIDE: &str = r#"| I was just {deed}, so forgive my hands.
| But I talk too much.
| So it goes.
| You would not believe what one sees as a {role}.
| Between us, I could do with {want}.
| But what keeps me awake is this: how best {goal}.
| And {other} over there hears every word, {bond} or not.
| They say that {rumour}. I say nothing.
known | You have a way of asking that I like.
close | I do not say such things to everybody.
close | But you know me, {you}.
joy | What a day to be alive.
joy | Do you hear me laugh? I did not this morning.
sadness | Forgive me, I am not at my brightest.
sadness | But enough of my long face.
anger | And now I must take a breath before I say more.
anger | Somebody will hear from me today, but not you.
fear | Keep your voice down when you speak of it.
fear | Did you hear that? No? Then it was nothing.
surprise | I have still not got over this day.
disgust | Ugh. Let me wash the taste of this day down first.
anticipation | And wait until you see what comes next.
warm | Don't let it grow cold between us, {you}.
warm inn | Careful, the stool wobbles.
warm inn | One moment, {chore} won't do itself. There. Where were we?
warm inn | The {goods} is good tonight, if I may say so myself.
warm inn | Put your coat by the fire, it steams already.
gruff | That's all there is to it.
gruff watch | I keep one eye on the door while we talk.
gruff forge | Speak up, the fire is loud.
lyrical | There is a song in that, and I shall find it.
lyrical song | Listen, this chord goes with it.
learned | There are three opinions on this, two of them mine.
learned | I have a footnote on that, but I spare you.
courtly | One hears much in my position.
sly | You did not hear it from me.
sly market | By the way: {goods}, nearly for nothing.
plain | That's how it is with us.
plain land | If only the rain holds off.
young | And then, and then I forget what then.
pious | All things have their hour."#;

pub(super) const PROMPT: &str = r#"| And you, {you}?
| But tell me of yourself.
| What else is on your mind?
| Why do you ask?
known | How did your day go, {you}?
close | And how are you really, {you}?
close | Stay a while?
sadness | Tell me something that makes me smile.
fear | You have noticed nothing strange, have you?
joy | What shall we do with such a day?
anticipation | You are with me, are you not?
warm | Are you eating properly, {you}?
warm inn | What can I get you, {you}?
warm inn | {Goods}, perhaps?
warm inn close | The same as always, {you}?
gruff | Anything else?
gruff watch | Seen anything on your way here?
lyrical | What shall I rhyme it with?
lyrical song | Shall I play you something?
learned | What is your own view?
courtly | What does one say of it where you come from?
sly | And what is it worth to you?
sly market | Shall I wrap something up for you?
plain | And how are things with you?
young | Do you want to play?
pious | What weighs on you?"#;
