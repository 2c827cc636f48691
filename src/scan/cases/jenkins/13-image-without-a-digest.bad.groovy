// finds: unpinned-image
// --- Jenkinsfile
pipeline {
    agent { docker { image 'maven:latest' } }
    options { timeout(time: 30, unit: 'MINUTES') }
    stages {
        stage('Build') {
            steps { sh 'mvn -B verify' }
        }
    }
}
