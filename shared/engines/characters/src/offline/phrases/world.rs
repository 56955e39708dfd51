//! What is said of places, people, news, wares and stories.

pub(super) const PLACE: &str = r#"| This is {place}. It has seen better days and worse ones.
| You are in {place}, {you}. I know every board of it.
| What shall I say? It is home.
| A good place, {you}, as long as one minds one's manners.
| {Place}, quiet for now. {Other} is here as well.
| What one should know of this place: {fact}.
calm | Peaceful tonight. One hears the fire, and that is how I like it.
calm | As usual in {place}: a little talk, a little laughter, nobody bleeding.
joy | You feel it too, do you not? Everybody in {place} is in good spirits.
joy | Merry! I have not seen {place} this bright for weeks.
sadness | It is a low night in {place}, {you}. Or perhaps that is only me.
sadness | Subdued. People look into their cups.
anger | Tense, {you}. One wrong word and {place} goes up like straw.
anger | Foul, if you ask me, and I know who made it so.
fear | Nobody says it aloud, but {place} holds its breath tonight.
fear | Uneasy, {you}. People sit with their backs to the wall.
surprise | In an uproar, {you}! Everybody talks at once in {place}.
disgust | Sour, like old milk. Do not touch the tables.
trust | Friendly, {you}. In {place} one may still leave a purse on the table.
anticipation | Restless. {Place} waits for something, and nobody says for what.
inn | The regulars are in, the fire draws, and the {goods} is fresh. What more does one want?
inn warm calm | Cosy, {you}. {Other} has been here a while, and the talk goes round like the jug.
inn warm joy | Lively, {you}! If it gets any merrier, I'll need a second counter.
inn warm sadness | Quiet, {you}. Too quiet for a house that lives from noise.
inn warm fear | Nervous, {you}. They drink fast and look at the door.
watch gruff calm | Calm. I like calm.
watch gruff | I count heads and exits in {place}. Both come out right so far.
market | The street decides what {place} is worth, {you}, and today it decides for us.
song | {Place} has a good echo, {you}. That is all I ask of a room.
lore | Historically speaking, {place} is more interesting than it looks."#;

pub(super) const PERSON: &str = r#"| {Other}? That is {bond}.
| You ask about {other}. What I hold of it: {bond}, and I leave it at that.
| {Other} is here, {you}. Ask for yourself, but ask kindly.
| Of {other} I remember this: {memory}.
| {Other}, {bond}. They say that {rumour}.
close | I tell you how it is, {you}: {other} is {bond}.
warm | {Other}? Oh, I've known that face for years, {you}. {Bond}, that's what I say.
gruff | {Other}. {Bond}. Next question.
lyrical | {Other} would deserve a verse. The rhyme is {bond}.
learned | {Other}: {bond}, by my observation.
courtly | {Other} is known to us. {Bond}, one could say.
sly | {Other}? {Bond}. The interesting part costs extra.
plain | {Other}'s all right by me. {Bond}, I'd say.
young | {Other}? {Bond}!
pious | {Other} is on a path too. To me, {bond}."#;

pub(super) const PERSON_UNKNOWN: &str = r#"| About {topic} I cannot tell you much, {you}.
| {Topic}? That says nothing to me.
| I would have to guess about {topic}, and I do not like to guess.
warm | {Topic}? No, {you}, there I'm no help. Ask around, somebody always knows.
gruff | {Topic}? Never heard of it.
lyrical | Of {topic} no song has reached me yet.
learned | On {topic} my shelves are silent. A gap, I admit.
courtly | {Topic}? One has not been presented to us.
sly | {Topic}? I could find out, {you}. It is only a question of coin.
plain | {Topic}? I wouldn't know.
young | What's {topic}?
pious | Of {topic} nothing has been revealed to me."#;

pub(super) const TRADE: &str = r#"| I can offer you {goods}, {you}.
| For you, {goods}. It is the best that I have.
| If it is {goods} you want, you have come to the right one.
inn | {Goods}, coming up! Pay when you leave.
inn | Tonight I recommend {goods}. Yesterday I would not have.
inn warm | {Goods} for you, {you}, filled to the brim and a little over.
inn warm | Let me guess, {you}: {goods}. I never guess wrong.
inn warm close | {Goods}, {you}, and this one is on the house.
inn gruff | {Goods}. Copper first.
market sly | {Goods}, {you}! Feel it, weigh it. I ask a price that shames me.
market sly | For anybody else it would cost double, {you}. {Goods}, what do you say?
market sly joy | You have luck, I am in a giving mood: {goods}, for half.
market sly anger | Prices are what they are today, {you}. {Goods}, take it or leave it.
song | I deal in songs, {you}, but I could part with {goods}.
watch | I am no shop, {you}. At best I could spare {goods}.
watch gruff | Do I look like a stall? Try the market.
forge | {Goods}, made by these hands. It will outlive you, {you}.
land | {Goods}, fresh this morning. You can still see the dew on it.
wild | {Goods}. I know where it comes from, and I do not tell.
lore | I only part with {goods} to somebody who reads, {you}.
faith | Nothing here is for sale. But take {goods}, and give what you can.
court | One does not trade, {you}. One makes presents. {Goods}, perhaps.
shadow | Not here. Behind the house, after dark: {goods}.
sea | {Goods}, straight from the ship, before the harbour master saw it.
cure | {Goods}, {you}. Twice a day, and keep out of the rain.
small | I have {goods}! But I want something shiny for it."#;

pub(super) const STORY: &str = r#"| Listen, then. There was once a {role} who swore never to tell what lay under the old mill. I have kept that oath so far.
| A short one: two brothers fought over a field for thirty years. Then the river took it. They have been friends since.
| They tell of a lantern that lights itself when somebody lies. I have never dared to own one.
| Once a stranger paid me with a coin from a land that nobody has found. I still have it, {you}.
| I could tell you something true instead: {memory}.
inn | A man came in one winter, ordered for two, and spoke all night with the empty chair. In the morning both cups were empty, {you}.
inn warm | You see that scratch on the counter, {you}? A duke made it, the night he lost his horse to a goose girl. He married her, of course.
inn warm | My grandmother watered the beer once, {you}. Only once. The regulars planted her a willow in the cellar, and it still grows.
song lyrical | There was a piper who played so softly that only the dead could hear. He never lacked for listeners, {you}, only for coin.
song lyrical | "The moon went down to buy a gown, and paid in silver light; so if you meet her in the street, be kind to her tonight." The second verse costs a drink.
song lyrical sadness | "I left my heart at the river's start, it was at the sea before me." Forgive me. It is that kind of day.
song lyrical joy | "Oh the goose wore a hat and the priest wore a feather, and nobody knew who was who in that weather!" Join in, {you}!
watch gruff | Night watch, years ago. Knock at the gate, nobody there. Again. Third time I opened. A goat. That's the story.
watch gruff | Knew a recruit who guarded a door for two winters. The house behind it had burned down in the first. He said orders were orders.
market sly | I once sold the same carpet three times to the same man, {you}. He says he bought it three times cheaper each time. We are both content.
lore learned | There is a book whose last page every reader remembers differently. I have read it twice, {you}, and I no longer trust myself.
land | We had a scarecrow so good that the crows brought back last year's corn. Believe it or not, {you}.
wild | I tracked one deer for nine days. On the tenth it walked up and looked at me. I went home, {you}.
faith pious | A saint was asked for a sign. She swept the floor. The floor was clean, {you}; that was the sign.
court | My great-aunt ruled for one day by mistake, and it is the only day without a complaint in the records.
shadow sly | I once broke into a house to steal a chest, and in the chest sat another thief. We share the rent now, {you}.
sea | We fished up a bell, {you}, and it rang under water the whole way home. We sold it to an inland church.
small young | Once there was a dragon and it was as big as, as, as this house! And it was scared of me."#;

pub(super) const NEWS: &str = r#"| They say that {rumour}. Make of it what you will.
| I heard that {rumour}. I was not there myself.
| What everybody knows: {fact}.
| What stayed with me: {memory}.
| Nothing worth the breath, {you}. And I am glad of it.
| All quiet. When something happens, you will hear it from me.
| News? The roof still leaks and the river still runs. That is all I have, {you}.
close | For your ears only, {you}: {rumour}.
fear | People whisper that {rumour}. I do not sleep well since.
warm inn | Oh, {you}, in my house one hears everything. They say that {rumour}.
warm inn | Old Mattes has a new hat and won't say from whom, {you}. That is the news of the week.
gruff | They say {rumour}. I believe what I see.
gruff watch | Two drunks, one lost cow. That was the night, {you}.
lyrical | The wind hums that {rumour}. I have not yet found the rhyme.
learned | Reports, unverified, have it that {rumour}.
courtly | One hears that {rumour}. Officially one does not.
sly | That {rumour}, {you}, is worth a coin. The next one is not free.
sly market | Prices go up, spirits go down. That is always the news, {you}.
plain | They're saying that {rumour}.
young | I heard it, I heard it: {rumour}!
pious | It is said that {rumour}. May it turn out well."#;

pub(super) const HELP: &str = r#"| Tell me what you need, {you}, and I see what I can do.
| If it is in my power, you have my help.
| What is the matter? I am only a {role}, but I have two hands.
close | For you, {you}? You need not even ask.
stranger | I do not know you well enough for promises. But speak.
anger | Today I am poor company for favours. Be quick about it.
fear | If it does not lead me out into the dark, {you}.
warm | Of course, {you}. Sit down first, and start at the beginning.
warm inn | I've a warm room, {goods} and good ears, {you}. Which of them do you need?
gruff | Depends. Whom do I have to hit?
gruff watch | If it's lawful, I help. If it isn't, I never heard it.
lyrical | My voice and my fingers are yours, {you}. My courage only until midnight.
learned | State the problem precisely, {you}. That is half of the answer.
courtly | We shall consider it, {you}. Speak.
sly | Help is my middle name, {you}. Its surname is price.
plain | Sure. What is it?
young | I can help! I'm very strong!
pious | Who asks, is heard. What is it, {you}?"#;

pub(super) const LORE: &str = r#"| As everybody knows, {fact}.
| I can tell you that {fact}.
| What I know about it: {fact}.
warm | Oh, that's no secret, {you}: {fact}.
gruff | {Fact}. That's known.
lyrical | They sing it in the streets: {fact}.
learned | It is established that {fact}.
courtly | It is a matter of record that {fact}.
sly | {Fact}. You could have had that from anybody, so it is free.
plain | Everybody round here knows that: {fact}.
young | I know that one! {Fact}!
pious | It is so, {you}: {fact}."#;
