"""Names of made-up people and streets. Their order is how common they are: a steep curve is drawn over them."""

from typing import Final


def listed(text: str) -> tuple[str, ...]:
    """The words of a text."""
    return tuple(text.split())


FAMILIES: Final = listed(
    "Smith Patel Jones Khan Singh Kaur Williams Hussain Brown Ahmed Taylor Begum Davies Ali "
    "Wilson Shah Evans Chauhan Thomas Mistry Johnson Roberts Walker Wright Robinson Thompson "
    "White Hughes Edwards Green Hall Wood Harris Lewis Martin Jackson Clarke Clark Turner Hill "
    "Scott Cooper Morris Ward Moore King Watson Baker Harrison Morgan Allen James Young "
    "Mohammed Miah Hassan Ibrahim Osman Abdi Kowalski Nowak Wisniewski Popescu Ionescu Okafor "
    "Adeyemi Mensah Nguyen Chen Wong Murphy Kelly O'Brien Ryan O'Neill Byrne Bibi Akhtar Iqbal "
    "Malik Rahman Uddin Chowdhury Sharma Gill Dhillon Sandhu Bains Parmar Solanki Makwana Lad "
    "Joshi Desai Modi Vaghela Campbell Stewart MacDonald Reid Murray Ross Mitchell Graham "
    "Hamilton Marshall "
)
BEGINNINGS: Final = listed(
    "Ash Bar Beck Black Brad Bram Bright Brom Burn Cald Cart Chad Clif Cob Cran Cross Dal Den "
    "Drake East Eld Elm Fair Far Fen Ford Frost Gar Glen Gold Gran Had Ham Har Hart Hath Hazel "
    "Hol Horn Hurst Ing Kel Ken Kirk Lang Law Leigh Lin Lock Long Mar Mel Mid Mill Nor Oak Old "
    "Os Pem Pen Pick Red Rid Rock Roth Rush Salt Sand Sel Shel Sher South Stan Stock Stone "
    "Strat Sut Thorn Tor Wake Wal Wel West Whit Win Wood Wor "
)
ENDINGS: Final = listed(
    "acre all an bank beck bourne bridge brook burn bury by combe cott croft cross dale den don "
    "er ett field ford gate grave ham head hill holme hurst ing ington land ley low man mere "
    "mond more moor on over ridge s set shaw son stead stone ton wall ward way well wick win "
    "wood worth "
)
MEN: Final = listed(
    "Mohammed John David Michael James Robert William Paul Peter Andrew Stephen Thomas Richard "
    "Christopher Mark Anthony George Ian Alan Kevin Brian Graham Keith Colin Philip Simon "
    "Martin Ahmed Ali Hassan Imran Tariq Rajesh Suresh Dinesh Vijay Amar Harpreet Gurpreet "
    "Manjit Krzysztof Piotr Tomasz Marek Andrei Ion Chidi Kwame Wei Patrick Sean Liam Daniel "
    "Matthew Joshua Jack Harry Oliver Samuel Joseph Benjamin Adam Luke Ryan Nathan Kieran Craig "
    "Stuart Neil Gary Derek Roy Ronald Kenneth Dennis Eric Frank Harold Ernest Leonard Stanley "
    "Walter Arthur "
)
WOMEN: Final = listed(
    "Margaret Mary Susan Elizabeth Patricia Sarah Jean Linda Karen Christine Julie Joan Barbara "
    "Helen Ann Jacqueline Carol Janet Fatima Aisha Zainab Maryam Nasreen Shabana Rukhsana "
    "Yasmin Sunita Anita Kamla Meena Hansa Pushpa Harpreet Manjit Jaswinder Agnieszka Katarzyna "
    "Anna Elena Ioana Ngozi Amara Mei Siobhan Emma Laura Rebecca Claire Gemma Charlotte Hannah "
    "Lucy Jessica Sophie Chloe Emily Olivia Grace Amelia Dorothy Doris Irene Joyce Edith "
    "Florence Hilda Vera Gladys Marjorie Beryl Audrey Sheila Brenda Maureen Pamela Sandra "
)
STREETS: Final = listed(
    "Narborough London Church Station Victoria Green Melton Abbey Uppingham Welford Aylestone "
    "Hinckley Saffron Belgrave Humberstone Evington Park Queens Kings Mill School Manor North "
    "South High Meadow Orchard Grange Chapel Bridge Albert Alexandra Clarendon Stoneygate "
)
SOUNDS: Final = listed("a e i o u ae ia ee ")
WAYS: Final = listed("Road Street Lane Avenue Close Drive Crescent Way ")
UNITS: Final = "ABDEFGHJLNPQRSTUWXYZ"
"""Letters of a unit in a postcode."""
