//! What is said aloud in passing, to other characters, and what their talks are made of.

pub(super) const REMARK: &str = r#"| And on goes the day.
| Somebody ought to fix that door.
| Where was I? Ah, yes: {chore}.
| What I would give for {want}.
| One day I will manage it: {goal}.
| They say that {rumour}. I wonder.
calm | Quiet today. I do not mind.
joy | What a fine day!
joy | I could sing, if I could sing.
sadness | It was different once.
sadness | Some days are only there to be got through.
anger | Enough is enough!
anger | If one more person tests me today.
fear | What was that?
fear | I do not like this. I do not like this at all.
surprise | Who would have thought it!
disgust | Who left that here?
trust | Good people, all of you.
anticipation | Soon now. Soon.
warm inn | Who is still dry? Speak up!
warm inn | Elbows off the wet bit, please!
gruff watch | Move along there.
lyrical song | What rhymes with Tuesday?
learned lore | Now that is odd. That is very odd.
courtly | One expects better.
sly market | Last chance, good people, last chance!
plain land | Rain before evening, mark my words.
young | I'm bored!
pious | Give thanks, all of you."#;

pub(super) const OUTCRY: &str = r#"| Did you see that?
| What is going on here?
| Everybody keep calm!
joy | Ha! That is what I call good news!
sadness | No. Oh, no.
anger | That goes too far!
fear | Get back, all of you!
surprise | Now what?
warm inn | Not in my house, you don't!
gruff watch | Nobody moves!
lyrical | And here I thought that the evening lacked a climax.
learned | Remarkable. Nobody touch anything.
courtly | Order! At once!
sly | I saw nothing. But I saw it first.
plain | Goodness me!
young | Whoa!
pious | Protect us, you above."#;

pub(super) const ADDRESS: &str = r#"| {You}, have you a moment?
| How is your day going, {you}?
| {You}, did you hear? They say that {rumour}.
| {You}, I keep thinking of this: {memory}.
| You look as if you could use company, {you}.
| {You}, tell me honestly: how best {goal}?
joy | {You}! Is it not a splendid day?
sadness | {You}, stay a moment. I would rather not be alone.
anger | {You}, hold me back, or I do something foolish.
fear | {You}, do you feel it too? Something is wrong.
surprise | {You}, you will not believe what just happened!
anticipation | {You}, be ready. Something is about to happen.
warm | {You}, dear, have you eaten today?
warm inn | {You}, keep an eye on the counter for me, would you?
gruff | {You}. A word.
gruff watch | {You}. Seen anything out of the ordinary?
lyrical | {You}, lend me your ear and a rhyme!
learned | {You}, settle a question for me, if you please.
courtly | {You}, attend me for a moment.
sly | {You}, my friend, I have something that might interest you.
plain | {You}, how are things at home?
young | {You}, come and see!
pious | Peace, {you}. How is it with your soul?"#;

pub(super) const OPENING: &str = r#"| {You}, I wanted to talk to you about {topic}.
| What do you make of {topic}, {you}?
| {Topic}, {you}. It does not leave me alone.
| You have heard about {topic}, I suppose?
sadness | {You}, it weighs on me, this matter of {topic}.
anger | {You}, we must talk about {topic}, and I will not be calm about it.
fear | {You}, lower your voice. It is about {topic}.
joy | {You}! I have been dying to talk about {topic}.
warm | Sit a moment, {you}. You've surely heard about {topic}?
gruff | {You}. {Topic}. What do you know?
lyrical | Tell me, {you}, if {topic} were a song, would it end well?
learned | I should like your opinion on {topic}, {you}.
courtly | {You}, we wish to hear you on {topic}.
sly | A little bird spoke to me of {topic}, {you}. Did it visit you too?
plain | Say, {you}, what's all this about {topic}?
young | {You}, {you}, do you know about {topic}?
pious | {You}, let us speak of {topic}, with open hearts."#;

pub(super) const REPLY: &str = r#"| You may be right, {you}. But with {topic} one never knows.
| I see it differently, {you}. There is more behind {topic} than we think.
| I have thought about {topic} as well. We should keep our eyes open.
| And what do you propose we do about {topic}?
| That had not occurred to me, {you}. Go on.
| What I remember is this: {memory}.
| One thing is certain: {fact}.
| They say that {rumour}. It would fit.
| Were it mine to decide, I should first find out who gains from {topic}.
| Somebody should ask around about {topic}. Quietly, I mean.
| Strange. I heard the very opposite this morning.
joy | Whatever comes of {topic}, {you}, I am in the mood to like it.
sadness | I fear that {topic} will end as such things end.
anger | I have no patience left for {topic}, {you}.
fear | Must we speak of {topic} here, of all places?
trust | I trust your judgement in this, {you}.
warm | Oh, {you}, let's not make {topic} bigger than it is. One step after the other.
warm inn | My guests talk of nothing else than {topic}. Half of it is the ale, mind you.
gruff | {Topic}? I've been watching it. Not for long any more.
gruff watch | I'll double the rounds until this thing with {topic} is settled.
lyrical | With {topic} it is as with a bad song, {you}: everybody hums it, nobody made it.
learned | Let us separate what we know of {topic} from what we fear.
learned | The evidence about {topic} is thin, {you}.
courtly | {Topic} will be dealt with, {you}. Discreetly.
sly | There is money in {topic}, {you}, or somebody's neck. Perhaps both.
sly | I know someone who knows something about {topic}.
plain | Folks like us can't do much about {topic}, {you}. But we can stick together.
young | I'm not afraid of {topic}! Are you?
pious | {Topic} is a trial, {you}. We shall pass it."#;

pub(super) const CLOSING: &str = r#"| Then we agree, {you}: we keep an eye on {topic}.
| Let us speak of {topic} again tomorrow, {you}.
| Enough of {topic} for one day. I have {chore} to do.
| Well, {you}, now we know more than before. A little.
joy | We will manage, {you}. I feel it.
fear | Be careful on your way, {you}. I mean it.
anger | Somebody will answer for it. Good night.
warm | There, now it's said, and one feels better, doesn't one, {you}?
warm inn | Come, {you}, the next one is on the house. {Topic} can wait.
gruff | Right. Back to work.
gruff watch | I keep watch. You keep quiet. Agreed, {you}?
lyrical | Let that be the last verse on {topic}, {you}.
learned | I shall write down what we have, {you}. It is a beginning.
courtly | You have our thanks, {you}. That will be all.
sly | This talk never happened, {you}.
plain | Well, the work won't do itself. See you, {you}.
young | I have to go home now!
pious | Go with a light heart, {you}."#;

pub(super) const SUBJECT: &str = r#"| the old mill
| a stranger on the road
| the winter when the river froze
| the best day of the year
| somebody who came back
| {goods}
| what people say: {rumour}
| what I remember: {memory}
lyrical | a heart that was pawned for a song
lyrical | the moon and her two lovers
gruff | the longest watch
warm | a guest who never paid and never left
learned | a question without an answer
sly | the price of a secret
pious | a lamp that did not go out
young | a dragon
land | the great hailstorm
sea | the ship that sailed without a crew
wild | the white stag"#;
