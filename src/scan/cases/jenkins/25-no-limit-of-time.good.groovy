// --- Jenkinsfile
pipeline {
    agent { label 'linux' }
    options { timeout(time: 4, unit: 'HOURS') }
    stages {
        stage('Soak') {
            matrix {
                axes {
                    axis { name 'JDK'; values '17', '21' }
                }
                stages {
                    stage('Run') { steps { sh './soak.sh $JDK' } }
                }
            }
        }
    }
}
