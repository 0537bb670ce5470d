/** Given names that are common in the languages that we are tried with and are no words of a report; they tell a name without a cue. */
export const GIVEN_NAMES: ReadonlySet<string> = wordsOf(`
  aaron abdul abigail adam adrian agnieszka ahmed ahmet aisha alan alberto aleksandra aleksei alessandro alex alexander alexandra
  alexandre alexei alfred alice alicia alina amanda amelia amina amy ana anders andrea andreas andrew andrzej anders angela angelika
  anita anja anke anna annika anne annette anthony antoine anton antonella antonia antonio aoife arjun arthur asha ashley astrid
  ayse ayşe barbara beatrice beatriz ben benedikt benjamin bernard bernd bianca birgit björn bjorn boris brandon brenda brian
  brigitte bruno camila camille carina carl carla carlo carlos carmen carol caroline carolina caterina catherine cecilia
  charles charlotte chiara chloe chloé chris christian christina christine christoph christopher claire clara claudia clemens
  cristina daniel daniela danielle daniele david deborah denis dennis diana diego dieter dimitri dirk dmitri dmitry dominik
  dominique donald dorothea douglas eduardo edward elena eleanor eleonora elif elisa elisabeth elise elizabeth ella elke
  ellen emil emilia emilie emily emma emmanuel emre enrico eric erica erik erika ernst esther ethan eva evelyn fabian
  fabio fatima fatma federica federico felipe felix ferdinand fernanda fernando filip finn florence florian francesca
  francesco francisco franck franco frank françois francois françoise frederik frédéric friederike fritz gabriel gabriela
  gabriele gary george georg georges gerard gerhard giacomo gianluca giorgio giovanna giovanni giulia giuseppe gloria gonzalo
  greta gregor gregory guido guillaume gustav hannah hans harald harry hasan hassan heather heidi heike heinrich helen helena
  helene helga hélène henri henrik henry herbert hiroshi holger hugo hüseyin ian ibrahim igor ilse ines ingo ingrid irene irina
  isabel isabella isabelle ivan jacek jack jackson jacob jacqueline jakob jakub james jamie jan jana jane janet jason javier
  jean jeanne jeff jeffrey jennifer jens jeremy jerome jessica jesús joanna joão joao joel johan johanna johannes john jonas
  jonathan jordi jorge jörg jorg josé jose josef joseph joshua joyce juan juana judith julia julian juliane julie julien
  jürgen jurgen justin kamal karen karim karin karl karolina katarina katarzyna kate katharina katherine kathleen kathrin
  katja kazuki keith kelly kemal kenji kenneth kerstin kevin khalid kim kirsten klaus konrad krzysztof kumar kurt kyle lars
  laszlo laura laurence laurent lea léa leila lena leo leon leonardo leonie leticia liam lieke lisa lorenzo louis louise luca
  lucas lucia lucía lucie lucy ludwig luis luisa luiz lukas łukasz luke maciej madeleine magdalena mahmoud malte manfred
  manuel manuela marc marcel marcello marcin marco marcos marcus margaret margarita maria maría mariam marie marina mario
  marion marius marlene marta martha martin martina martine mary maryam mateo mateusz mathias mathieu mathilde matteo matthew
  matthias maurice mauro maximilian megan mehmet melanie melissa mercedes mia michael michaela michal michał michel michele
  michelle miguel mikael mike mikhail milan miriam mohamed mohammad mohammed mohan monica monika monique murat mustafa nadia
  nadine nancy naomi natalia natalie natasha nathalie nathan neha nicholas nicola nicolas nicole niklas nils nina noah noémie
  nora norbert oliver olivia olivier omar orlando oscar oskar osman otto pablo pamela paola paolo patricia patrick paul paula
  paulina pauline paulo pavel pawel paweł pedro peter petra philip philipp philippe pia pierre pieter piotr priya rachel
  rafael rahul raj rajesh ralf ramona raquel ravi raymond rebecca regina renata renate rené ricardo riccardo richard rita
  robert roberta roberto robin rodrigo roger roland rolf roman ronald rosa rosalie rosemarie roxana rudolf ruth ryan sabine
  sabrina salma samantha samuel sandra sanjay sara sarah sascha scott sean sebastian sergei sergey sergio sharon sibylle
  silke silvia simon simona simone sofia sofie sonia sonja sophia sophie stanislaw stefan stefania stefano steffen stella
  stephan stephanie stephen steve steven stéphane sunita susan susana susanne suzanne svetlana sven sylvia sylvie takashi tamara
  tania tanja tatiana tatjana teresa theodor theresa thierry thomas tiago tim timothy tobias todd tomas tomasz torsten
  tyler udo ulrich ulrike ursula ute uwe valentina valeria vanessa vera veronica veronika victor victoria viktor vincent
  vincenzo virginie vladimir volker walter waltraud wanda werner wiebke wilhelm william wojciech wolfgang xavier yannick
  yasmin yolanda yuki yuri yusuf yves yvonne zeynep zoe zofia
  adele adrienne aileen akira alasdair alba alejandro alejandra alec alejo alessia alfonso alisha alison allison alma alvaro álvaro amir amit
  anastasia andré angelo angus anil anita annabel anneliese anthea antonello anwar ariana ariel arnaud arnold astrid aurelie aurélie aurora
  axel azra bartholomew beata beatrix bénédicte benedetta bernadette bernhard berta bettina blanca bogdan brendan bridget britta bronwyn bryan
  caleb callum camilla candice carlotta carmela carolyn carsten cecil cédric celeste celia cem cesar chantal chiamaka chidi chloë christa
  ciara claudine claudio clifford conor constance cordelia corinne cornelia cyril dagmar damian damien daphne darren dawid deepak delphine
  demetrius derek desmond detlef dilip dolores dominic dorota duncan dylan eamon edgar edith edmund edwin efe eileen eirik ekaterina elaine
  elin elliot elsa emine emin emir enzo erwin estelle esteban eugene eugenia eve evgeny ewa farah faruk fatou fausto felicity felicia femke
  fergus fernanda fiona fleur florin frances freya frida gareth geoffrey geraldine gerda gerda gertrud gianni gil gisela giselle glenda gordon graham
  grzegorz gudrun gunilla gunter günter günther gustavo gwen hakan halina hamza hana hanna hannes harriet harvey hedwig heinz hélder henriette
  hermann hilda hildegard horst howard hubert ida ignacio ikram iman imran ines inga ingeborg inmaculada inès isaac ismail ivana ivo jaap
  jadwiga jaime janina janine jaroslav jasper joachim joaquín joaquim jocelyn jolanta joris josefine josephine josie juanita jutta kaito
  kalle kamil karsten kasia katrin kazimierz keiko kenji khadija kiran klara klara kristin kristina krystyna lakshmi lamar lara lars latisha
  lauren laurens leila leonor leopold leslie lidia liesbeth lilian liliana lilly linda lindsay lise lisbeth lothar lotte lourdes lucian ludovic
  lutz lydia maarten mads magnus maja malcolm malik mandy manuel maren margarete margot marguerite mariana marianne mariette marijke marisa
  marlies marjorie marta marvin matilda matthijs maud maureen mehdi melinda menno meredith merve miguel mihai mikkel mildred milena mina mirjam
  mitchell moira moritz muhammad muriel mustapha nadja naoko naveen neil nelson nestor nicolette nigel nikhil niko nikolai noel noémi noor odile
  okan ola olaf oleg olena olga olivia olof orla ottavia owen paloma pascal patricio paulette pauline penelope per petr petter phoebe pierluigi
  pooja pradeep preston quentin rafał rachid ramón rania raphael raúl reinhard reiner reza rhys rikke roberta rocío roderick rodolfo rogier
  romina ronan rosalind rosario roswitha roxanne ruben rudi rupert russell ryszard saba sadia sakura sally salvador salvatore samir sanne
  santiago saskia seamus selin selma serena serge serkan shaun sheila shirley siegfried sigrid silvana sinead siobhan sławomir snezana solveig
  soren søren stanley stefania stuart suresh susanna sven svenja sybille tadeusz tamar tariq tatsuya teodor terrence thea thelma theo theodora
  thibault thorsten tilman tina tommaso tove trevor trine ulla umut ursula valerie vanesa vasile veit verena vicente vijay vikram violeta vishal
  vivian vivienne wendy wenzel wiktor wilma winston xiomara yara yasemin yasmine yosef yuko zara zbigniew zdravko zuzanna
  александр алексей анастасия андрей анна борис вера виктор владимир галина дарья дмитрий евгений екатерина елена иван игорь
  ирина кирилл константин ксения любовь людмила максим мария марина михаил наталья никита николай ольга павел пётр роман
  светлана сергей татьяна юлия юрий
`);

/** Words with a capital that are no names: what reports, programs and calendars are full of. */
export const NO_NAMES: ReadonlySet<string> = wordsOf(`
  a about acceptance accepted accessed access account accounts action actions admin administrator after agent agents ai all also american an and answer answers any
  api app application approval are as ask asked assistant at audit back bank based be because before best better billing black blocked
  bot both bug but by call calls can cannot case cause centre center change chat check claim claude clause client code come
  command comment commit company complaint confirm config contact context copilot cost could coverage customer customers
  damen data date day days dear default department detected did didn do does done down draft each email error eval evals
  every everybody everyone example expected export failed failure file final first fix folks for found friend friends from full
  gateway gemini general get gmbh good google got governance gpt guys had haiku handling has have he head health hello help her herren
  here hey hi high him his how however hub i id if image impact in incident inc info input instead internal internet
  into is issue it its jest job june just kunde kunden kundin law legal let level limited list live llc llm load
  log logs lost low ltd made mail main management manager many map mark market marketing may me medium memory message microsoft
  missing mode model models monitoring more mr mrs ms my name near network never new next no nobody none not note nothing now
  number observed of off office ok old on once one only open openai operations opus or order orders other our out output over
  owner page partner password patient patients pay payment payments people per phone plan platform please policy post postmortem
  pr privacy problem process product production project prompt public pull quality query question questions read reason receipt
  reference refund refunds regression release repair reply report request required response result retrieval return retrospective post-incident post-mortem review risk
  role root route rule run s safety sales same saw schedule school search security see seen sent server service services
  session set severity she should show side sign since sir sirs sites so software some someone something sonnet sorry
  span stage staging started state status step still stop store studio success suite summary support system table task team
  teams test testing tests text than thank thanks that the their them then there these they thing this those ticket tickets time timeout
  title to today token tokens tool tools total trace transfer triage trial try type under unit unknown until up update upload us
  use used user users valid value version very via video view visual voice warning was we web week weekend welcome went were what when
  where which while who whole why will window windows with without wizard word work world would wrong yes yesterday you your
  january february march april august september october november december monday tuesday wednesday thursday friday saturday sunday
  montag dienstag mittwoch donnerstag freitag samstag sonntag zusammen alle liebe hallo leute kollegen team rückerstattung nummer
  tous toutes client cliente clients équipe madame monsieur todos todas cliente clientes equipo señor señora tutti cliente clienti
  signora signor reembolso rimborso iedereen allemaal klant klanten alla allihopa kund kunder panie panowie państwo klient
  müşterimiz müşteri herkese клиент клиенты команда всем коллеги пользователь
  azure aws amazon chrome firefox codex cursor github gitlab slack stripe salesforce zendesk jira linear notion anthropic mistral llama
  express postgres redis docker kubernetes linux mac ios android python java rust node visa mastercard paypal
  intake form forms library portal kollege kollegin kolleginnen mitarbeiter wifi lobby
  north south east west street city europe america asia africa germany france spain italy poland england london paris berlin
  york francisco angeles diego zealand
`);

/** What stands between the parts of a name. */
export const PARTICLES =
  "von(?: der| den)?|van(?: der| den| de)?|de(?: la| los| las)?|del|della|di|da|dos|du|bin|ibn|al|el|ten|ter|af";

/** The first characters of most Chinese family names. */
export const CHINESE_FAMILY_NAMES =
  "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤";

/** The first characters of most Korean family names. */
export const KOREAN_FAMILY_NAMES =
  "김이박최정강조윤장임한오서신권황안송류전홍유고문양손배백허남심노하곽성차주우구민진나지엄채원천방공현함변염여추도소석선설마길연위표명기반";

function wordsOf(list: string): ReadonlySet<string> {
  return new Set(list.split(/\s+/).filter((word) => word !== ""));
}
