// --- Jenkinsfile
pipeline {
    agent { label 'throw-away' }
    options { timeout(time: 30, unit: 'MINUTES') }
    stages {
        stage('Test') {
            steps { sh './run-tests.sh' }
        }
    }
}
