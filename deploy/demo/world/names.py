"""Names of the area's communities, put together by chance: they are nobody's."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


def listed(names: str) -> tuple[str, ...]:
    """Names separated by blanks; `_` stands for a blank inside one."""
    return tuple(name.replace("_", " ") for name in names.split())


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one community.

    Attributes:
        female: Given names of women and girls.
        male: Given names of men and boys.
        family: Family names.
        family_female: Family names of women where they are others, as Kaur beside Singh.
    """

    female: tuple[str, ...]
    male: tuple[str, ...]
    family: tuple[str, ...]
    family_female: tuple[str, ...] = ()


BRITISH_FAMILY: Final = listed(
    "Smith Jones Taylor Brown Williams Wilson Johnson Davies Robinson Wright Thompson Evans "
    "Walker White Roberts Green Hall Wood Jackson Clarke Hill Ward Turner Cooper Harrison "
    "Morris Kirk Marsh Hale Whitlock Freer Orton Bentley Chapman Dakin Toone Gamble Hackett "
    "O'Brien O'Neill Murphy Kelly Barraclough Sutcliffe Hainsworth Illingworth Booth Firth "
    "Armitage Ackroyd Hardcastle Dyson Holroyd Pickles Lumb Naylor Rhodes Stead Umpleby "
    "Carr-Hill Ashby-Jones"
)
OLD: Final = Names(
    listed(
        "Doris Margaret Jean Joan Betty Sheila Brenda Audrey Maureen Beryl Dorothy Irene Joyce "
        "Pamela Kathleen Eileen Barbara Shirley Mavis Hilda Patricia Ann Norma Muriel Rita Edna"
    ),
    listed(
        "John Kenneth Ronald Peter Derek Brian Raymond Roy Dennis Gordon Alan Harold Stanley "
        "Eric Norman Frank Arthur Leslie Geoffrey Cyril Albert Walter Ernest Donald Trevor "
        "Keith"
    ),
    BRITISH_FAMILY,
)
MIDDLE: Final = Names(
    listed(
        "Susan Julie Karen Jacqueline Deborah Tracey Jane Helen Diane Sharon Tina Alison Lisa "
        "Nicola Sarah Joanne Michelle Angela Claire Wendy Heather Siân Dawn Lorraine Sally "
        "Caroline"
    ),
    listed(
        "David Paul Andrew Mark Stephen Ian Gary Simon Kevin Martin Nigel Neil Philip Jonathan "
        "Darren Lee Jason Stuart Adrian Carl Wayne Graham Robert Michael Craig Dean"
    ),
    BRITISH_FAMILY,
)
YOUNG: Final = Names(
    listed(
        "Emily Chloe Megan Jessica Sophie Lauren Charlotte Olivia Amelia Isla Freya Poppy Ruby "
        "Grace Ellie Zoë Millie Daisy Evie Libby Maisie Niamh Holly Amber Erin Caitlin"
    ),
    listed(
        "Jack Joshua Thomas Liam Ryan Callum Connor Jake Harry Oliver Alfie Charlie George Noah "
        "Jayden Kieran Dylan Owen Finley Archie Toby Ethan Riley Bradley Reece Kyle"
    ),
    BRITISH_FAMILY,
)
"""British given names by when people were born; families last longer."""

BORN_BEFORE: Final = ((1955, OLD), (1988, MIDDLE))
"""Until which year which given names were given."""

COMMUNITIES: Final[Mapping[str, Names]] = {
    "gujarati": Names(
        listed(
            "Hansa Kusum Jyoti Bhavna Nisha Hetal Pushpa Manjula Savita Ranjan Daksha Kalpana "
            "Urmila Sangita Rekha Priti Nayna Meera Anjali Kavita Dipti Sonal Komal Heena Ila "
            "Falguni"
        ),
        listed(
            "Dinesh Ramesh Bharat Kirit Jayesh Hitesh Nilesh Mahesh Suresh Pravin Ashok Vinod "
            "Harish Rajesh Kishor Mukesh Chandrakant Jitendra Ketan Amit Vijay Sanjay Paresh Rohan "
            "Krishan Naresh"
        ),
        listed(
            "Patel Shah Mistry Chauhan Parmar Desai Joshi Modi Solanki Vaghela Thakrar Lakhani "
            "Popat Chudasama Mehta Gohil Raval Tailor Sodha Kotecha"
        ),
    ),
    "punjabi": Names(
        listed(
            "Harpreet Gurpreet Manjit Surinder Jaswinder Balbir Kulwinder Paramjit Sukhvinder "
            "Rajinder Amarjit Navdeep Simran Jasleen Kiran Mandeep Satwant Gurdev Ravinder Parveen"
        ),
        listed(
            "Jaspal Mohinder Kuldip Avtar Ranjit Satnam Jagtar Gurdeep Sukhdev Nirmal Inderjit "
            "Hardeep Arjan Manveer Kashmir Tarlochan Amrik Dalbir Jasvir Baldev"
        ),
        listed("Singh Singh_Gill Singh_Sandhu Singh_Dhaliwal Singh_Bains Singh_Sidhu"),
        listed("Kaur Kaur_Gill Kaur_Sandhu Kaur_Dhaliwal Kaur_Bains Kaur_Sidhu"),
    ),
    "bengali_muslim": Names(
        listed(
            "Rahima Fatema Shahida Rokeya Nasima Salma Ruksana Shirin Jahanara Amina Sultana "
            "Taslima Farida Hasina Monira Labiba Tahmina Nazma Rumana Sharmin"
        ),
        listed(
            "Abdul Mohammed Shafiqul Nurul Rafiqul Jamal Kamrul Shahin Anwar Mizanur Faruk Habibur "
            "Saiful Monir Rezaul Aminul Tariqul Zahid Delwar Lutfur"
        ),
        listed(
            "Rahman Islam Uddin Ali Hussain Miah Ahmed Choudhury Haque Alam Khan Hoque Mahmud Kabir"
        ),
        listed("Begum Khatun Khanom Akhtar Bibi Choudhury Rahman Ahmed Sultana"),
    ),
    "pakistani": Names(
        listed(
            "Shazia Nasreen Rubina Saima Fozia Yasmin Zahida Shabana Tahira Kausar Bushra Rukhsana "
            "Aisha Maryam Hafsa Sadia Iram Noreen Samina Parveen"
        ),
        listed(
            "Mohammed Imran Tariq Asif Khalid Nadeem Zafar Shahid Arshad Javed Waqas Bilal Usman "
            "Hamza Iqbal Sajid Rashid Tahir Naveed Yusuf"
        ),
        listed(
            "Hussain Khan Ahmed Mahmood Akhtar Iqbal Mirza Malik Shah Rafiq Aslam Raja Sheikh Butt "
            "Chaudhry"
        ),
    ),
    "east_european": Names(
        listed(
            "Katarzyna Agnieszka Malgorzata Ewa Joanna Danuta Zofia Krystyna Elena Mihaela Ioana "
            "Daiva Rasa Ilona Zuzana Marta Aleksandra Natalia Halina Renata"
        ),
        listed(
            "Piotr Tomasz Andrzej Krzysztof Marek Jan Stanislaw Wojciech Mihai Andrei Ion Vytautas "
            "Jonas Janis Juraj Pavel Kamil Jakub Zbigniew Dariusz"
        ),
        listed(
            "Nowak Wojcik Kowalczyk Mazur Krawczyk Kaczmarek Dudek Popescu Ionescu Dumitru Stan "
            "Balogh Horvath Novak Kalnins Ozols Sabo Marin Duda Pawlak"
        ),
    ),
    "african": Names(
        listed(
            "Ngozi Chioma Folasade Abimbola Grace Blessing Tendai Rudo Amina Hodan Fadumo Abena "
            "Akosua Efua Esther Ruth Halima Adaeze Thandiwe Mercy"
        ),
        listed(
            "Emeka Chidi Oluwaseun Babatunde Kwame Kofi Kwabena Tafadzwa Farai Abdi Hassan Yusuf "
            "Samuel Daniel Tendekai Ifeanyi Omar Mohamed Joseph Simba"
        ),
        listed(
            "Okafor Adeyemi Okonkwo Mensah Owusu Boateng Moyo Ndlovu Ncube Abdi Hassan Warsame Osei "
            "Balogun Eze Chikwanha Adebayo Farah Banda Sithole"
        ),
    ),
    "caribbean": Names(
        listed(
            "Gloria Sonia Yvonne Beverley Marcia Hyacinth Merlene Pauline Claudette Winsome Sandra "
            "Marva Jacinth Verna Aaliyah Shanice Monique Renée Icilda Lorna"
        ),
        listed(
            "Winston Delroy Errol Clive Desmond Carlton Leroy Everton Trevor Neville Courtney Lloyd "
            "Devon Tyrone Marlon Jermaine Byron Curtis Glenroy Rupert"
        ),
        listed(
            "Campbell Grant Francis Gordon Henry Bailey Reid Morgan Stewart Blake Powell Wallace "
            "McKenzie Richards Lewis Charles Joseph D'Aguilar Pryce Nembhard"
        ),
    ),
}
"""Community -> names; British ones go by year of birth."""


def names_of(community: str, born: int) -> Names:
    """The names that people of a community were given around a year."""
    if community != "white_british":
        return COMMUNITIES[community]
    return next((names for year, names in BORN_BEFORE if born < year), YOUNG)


STREETS: Final = (
    "Abbey Lane",
    "Canal Street",
    "Church Row",
    "Evington Close",
    "Fosse Gardens",
    "Harrow Place",
    "Kirkgate Mews",
    "Lime Grove",
    "Market Cross",
    "Mill & Dyer's Yard",
    "Narborough Rise",
    "Oak Avenue",
    "Otley View",
    "Park Crescent",
    "Queen's Drive",
    "Roundhay Walk",
    "Spinney Hill",
    "Tanner's Court",
    "Victoria Terrace",
    "Wharf Street",
)
"""Made up; with an ampersand and apostrophes, because addresses have them."""
