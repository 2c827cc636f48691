// finds: missing-timeout
// --- Jenkinsfile
pipeline {
    agent { label 'linux' }
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
