"""Invented names that are known again wherever they stand: no word of English or Spanish, no place, no disease.

They are of Faker's lists (MIT licence), of one word in plain letters. Whoever reads "Brown discoloration" or "Wilson's
disease" cannot say whether a patient is meant; of "Blankenship" it is plain.
"""

_LAST = """
adkins atkins atkinson barnett beasley blackwell blankenship blevins bowen bradshaw brennan bryant buckley callahan
cantrell carlson carney chaney christensen coffey conley conway copeland daugherty davidson dickerson dickson dodson
donaldson donovan dorsey dougherty dudley dunlap erickson everett farley ferrell finley flynn frazier gallagher garrett
gilmore goodwin haney harrell harrington hatfield haynes henderson hendricks hensley higgins hinton holden holloway
hooper horton howell huffman humphrey hurley ingram irwin jarvis jenkins jennings knapp kramer krueger landry larson
lawson leblanc levine lindsey lowery maddox mahoney massey mathews mathis maynard mcbride mccann mccarty mcclain mcclure
mcconnell mccoy mccullough mcdaniel mcdowell mcfarland mcgee mcgrath mcguire mcintyre mckay mckee mckinney mcknight
mclaughlin mcmahon mcmillan mcneil melton merritt mooney mosley moyer mullen mullins nicholson nolan novak odom osborn
patterson pennington perkins petersen peterson pittman pruitt randolph reilly rollins rowland sampson sanford saunders
schaefer schmitt schroeder shaffer shelton sheppard sloan snyder spence sutton sweeney terrell vaughn watkins whitaker
wiggins wilcox wilkerson williamson woodard yoder
abascal acevedo acosta aguirre alberdi almeida alvarado anguita aramburu araujo armengol arnaiz arregui arrieta arteaga
asenjo asensio azcona bejarano benavides benitez berenguer bermudez berrocal blasco blazquez bonilla borrell briones
busquets bustamante cabanillas camacho campoy capdevila carbonell cardona carrasco carvajal cazorla cifuentes cisneros
codina colomer corominas dalmau dominguez elorza escamilla esparza estevez fajardo feijoo figueroa fonseca galindo
gallart galvez gargallo garmendia gimenez gimeno gisbert godoy goicoechea gutierrez guzman herranz huguet ibarra iborra
iriarte izaguirre ledesma leiva llopis llorente lluch losada luque maldonado manrique marquez melero mendez menendez
miralles montoya mosquera navarrete noriega novoa ojeda olmedo osorio otero pacheco paniagua pazos pedraza pellicer
peralta pineda piquer pomares quesada quevedo quintanilla quiroga ramirez ripoll riquelme rocamora roldan saavedra
sabater salcedo sanabria sandoval sarabia segarra somoza sotelo taboada tamayo tenorio tovar ugarte uriarte urrutia
valderrama valbuena valenzuela varela vazquez velasco vergara vilaplana villalobos villegas zabala zabaleta zamorano
zorrilla
"""
_FIRST = """
brandon brendan brett brian bryce caleb clayton colin corey craig darren darryl derek donald duane dustin dwayne eric
ethan evan gavin geoffrey gerald gregg harold hayden jared jeffrey jeremy jermaine jonathon justin keith kenneth kevin
kristopher kyle larry leroy lonnie marcus marvin mathew maurice melvin nathan nathaniel phillip randall raymond reginald
rodney ronald ryan shane shaun steven terrence theodore travis trevor tyrone vernon vincent zachary
abigail adrienne alison alyssa amanda annette audrey becky belinda bethany brenda briana brittney caitlin carly carolyn
cassidy cathy charlene cheryl christine courtney danielle darlene deanna debbie deborah denise diane dorothy eileen
elaine ellen emily erika evelyn glenda gwendolyn hailey hannah hayley jaclyn jacqueline janet janice jeanette jennifer
jessica jillian joanna joanne jocelyn kaitlin karla katelyn katherine kathleen kathryn kayla kelsey kendra kimberly
kirsten kristen kristina latasha latoya lauren laurie leah loretta madeline makayla marcia margaret marilyn marissa
maureen megan melanie melinda michelle monica monique natalie natasha nicole olivia pamela peggy phyllis rachael renee
rhonda roberta robyn sabrina samantha sandra sharon sheila stacey stephanie suzanne tabitha tamara tanya tracey tricia
valerie vicki wanda wendy yolanda yvette yvonne
abilio adalberto adolfo agapito aitor alejandro alfonso alfredo anacleto anselmo apolinar arsenio arturo atilio aurelio
baldomero baltasar basilio bernardino bernardo camilo carmelo cayetano ceferino cipriano claudio cornelio danilo
demetrio dionisio edgardo edmundo eduardo eladio eleuterio eliseo emiliano emilio enrique ernesto esteban eugenio
eusebio eustaquio evaristo ezequiel fabio fabricio federico feliciano felipe fernando fulgencio gerardo gervasio
gilberto godofredo gonzalo gregorio guillermo gustavo heliodoro herberto heriberto herminio hilario horacio humberto
ignacio ildefonso isidoro ismael jacobo javier leandro leocadio leopoldo lisandro macario marcelino marcelo maximiliano
nicanor norberto octavio olegario onofre osvaldo paulino porfirio quirino raimundo ramiro reinaldo remigio roberto
rodolfo rodrigo rogelio rolando rosendo rufino ruperto saturnino sergio severiano sigfrido telmo teodoro teodosio
tiburcio timoteo toribio valerio victorino wilfredo
adelaida adelina adriana agustina ainara alejandra almudena amalia angelina anselma antonia apolonia araceli ariadna
aurelia beatriz bernarda bernardita berta bibiana brunilda calista camila carlota carmela catalina cayetana cecilia
clotilde cristina daniela delfina domitila dorotea edelmira elodia elvira etelvina eulalia eusebia evangelina fabiola
feliciana felisa fernanda filomena flavia florentina francisca gabriela genoveva georgina gertrudis gisela graciela
griselda herminia hilda ileana imelda irene isabela isidora jimena joaquina josefa josefina juliana leandra leocadia
leonor leticia liliana lorena lorenza luciana luisa macarena manuela marcela maribel maricela marisela marisol matilde
melania micaela mireia natalia nerea nicolasa noelia obdulia octavia ofelia olalla otilia paola patricia paulina petrona
priscila rafaela raquel rebeca renata ricarda rosalina rosalinda rosaura roxana rufina samanta saturnina serafina sonia
soraya susana tatiana teodora teresita tomasa valentina vanesa vicenta viviana ximena xiomara zaida zoraida
"""
#: In small letters. A first name of one list may be a surname of the other; it is as plain that it is a name.
UNMISTAKABLE = frozenset((_LAST + _FIRST).split())
